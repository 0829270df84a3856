// Vectors of LANES floats and the few functions on them. Products and sums written in one expression
// become fused multiply-adds where the level has them.
#pragma once
#pragma STDC FP_CONTRACT ON

#define INLINE static inline __attribute__((always_inline))

typedef float vec __attribute__((ext_vector_type(LANES)));
typedef int32_t ivec __attribute__((ext_vector_type(LANES)));
typedef double dvec __attribute__((ext_vector_type(LANES)));
typedef struct { vec v; } __attribute__((packed, aligned(4), may_alias)) loose;

INLINE vec load(const float *p) { return ((const loose *)p)->v; }
INLINE void store(float *p, vec v) { ((loose *)p)->v = v; }
INLINE vec splat(float x) { return (vec)(x); }

/// The first n < LANES floats; the rest are zero.
INLINE vec load_part(const float *p, int64_t n) {
  vec v = splat(0);
  for (int64_t i = 0; i < n; i++) v[i] = p[i];
  return v;
}
INLINE void store_part(float *p, vec v, int64_t n) {
  for (int64_t i = 0; i < n; i++) p[i] = v[i];
}

/// The sum of the lanes, always in the same tree.
INLINE float sum(vec v) {
  float lane[LANES];
  __builtin_memcpy(lane, &v, sizeof lane);
  for (int half = LANES / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) lane[i] += lane[i + half];
  }
  return lane[0];
}

/// eˣ to 2 units in the last place; 0 below −87.3, about 2·10³⁸ above 88.3; NaN stays NaN.
/// x = n·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by its Taylor polynomial of degree 7 in Horner's form.
INLINE vec vexp(vec x) {
  const float rounder = 12582912.0f;  // 1.5·2²³: adding it leaves the nearest integer in the low bits
  vec y = x > 88.3f ? splat(88.3f) : x;
  vec shifted = y * 1.44269504f + rounder;
  vec n = shifted - rounder;
  vec r = y - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  vec p = r * (1.0f / 5040) + (1.0f / 720);
  p = p * r + (1.0f / 120);
  p = p * r + (1.0f / 24);
  p = p * r + (1.0f / 6);
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  union { vec f; ivec i; } power = {.f = shifted}, result = {.f = p};
  result.i += power.i << 23;
  vec e = x < -87.3f ? splat(0) : result.f;
  return x == x ? e : x;
}

/// t + the products of both bf16 halves of each lane; only a level with HALF_DOT calls it.
INLINE vec add_pairs(vec t, vec x, vec w) {
#if HALF_DOT
  return (vec)_mm512_dpbf16_ps((__m512)t, (__m512bh)x, (__m512bh)w);
#else
  (void)x, (void)w;
  return t;
#endif
}
