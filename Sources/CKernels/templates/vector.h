// Vectors of LANES floats and the few functions on them. Products and sums written in one expression
// become fused multiply-adds where the level has them.
//
// Numbers in memory are floats or halves (bf16: the upper half of a float); in a vector they are floats.
#pragma once
#pragma STDC FP_CONTRACT ON

#define INLINE static inline __attribute__((always_inline))
#define OVERLOADED __attribute__((overloadable)) INLINE

typedef float vec __attribute__((ext_vector_type(LANES)));
typedef int32_t ivec __attribute__((ext_vector_type(LANES)));
typedef double dvec __attribute__((ext_vector_type(LANES)));
typedef uint32_t uvec __attribute__((ext_vector_type(LANES)));
typedef int16_t shvec __attribute__((ext_vector_type(LANES)));
typedef uint16_t hvec __attribute__((ext_vector_type(LANES)));
typedef uint16_t __attribute__((may_alias)) half;
typedef struct { vec v; } __attribute__((packed, aligned(4), may_alias)) loose;
typedef struct { hvec v; } __attribute__((packed, aligned(2), may_alias)) loose_half;

INLINE vec splat(float x) { return (vec)(x); }
INLINE vec as_vec(uvec u) {
  union { uvec u; vec f; } word = {.u = u};
  return word.f;
}
INLINE float as_float(uint32_t u) {
  float x;
  __builtin_memcpy(&x, &u, 4);
  return x;
}

/// The bf16 nearest to x, ties to even; NaN stays one.
OVERLOADED uint32_t word(float x) {
  uint32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  uint32_t rounded = bits + 0x7FFF + ((bits >> 16) & 1);
  return (x == x ? rounded : bits | 0x400000) >> 16;
}
OVERLOADED uint32_t word(half x) { return x; }

/// The same for each lane, in its lower half.
INLINE uvec rounded(vec x) {
#if HALF_DOT
  return __builtin_convertvector((hvec)_mm512_cvtneps_pbh((__m512)x), uvec);
#else
  union { vec f; uvec u; } bits = {.f = x};
  uvec up = bits.u + 0x7FFF + ((bits.u >> 16) & 1);
  return (x == x ? up : bits.u | 0x400000) >> 16;
#endif
}

OVERLOADED vec load(const float *p) { return ((const loose *)p)->v; }
OVERLOADED vec load(const half *p) {
  return as_vec(__builtin_convertvector(((const loose_half *)p)->v, uvec) << 16);
}
OVERLOADED void store(float *p, vec v) { ((loose *)p)->v = v; }
OVERLOADED void store(half *p, vec v) {
  ((loose_half *)p)->v = __builtin_convertvector(rounded(v), hvec);
}
OVERLOADED float get(const float *p) { return *p; }
OVERLOADED float get(const half *p) { return as_float((uint32_t)*p << 16); }
OVERLOADED void set(float *p, float x) { *p = x; }
OVERLOADED void set(half *p, float x) { *p = (half)word(x); }

/// The bf16 of LANES numbers in memory, in the lower halves of the lanes.
OVERLOADED uvec words(const float *p) { return rounded(load(p)); }
OVERLOADED uvec words(const half *p) {
  return __builtin_convertvector(((const loose_half *)p)->v, uvec);
}

/// The first n < LANES numbers; the rest are zero.
OVERLOADED vec load_part(const float *p, int64_t n) {
  vec v = splat(0);
  for (int64_t i = 0; i < n; i++) v[i] = p[i];
  return v;
}
OVERLOADED vec load_part(const half *p, int64_t n) {
  vec v = splat(0);
  for (int64_t i = 0; i < n; i++) v[i] = get(p + i);
  return v;
}
OVERLOADED void store_part(float *p, vec v, int64_t n) {
  for (int64_t i = 0; i < n; i++) p[i] = v[i];
}
OVERLOADED void store_part(half *p, vec v, int64_t n) {
  for (int64_t i = 0; i < n; i++) set(p + i, v[i]);
}

/// The first n numbers, at most LANES of them.
OVERLOADED vec take(const float *p, int64_t n) { return n >= LANES ? load(p) : load_part(p, n); }
OVERLOADED vec take(const half *p, int64_t n) { return n >= LANES ? load(p) : load_part(p, n); }
OVERLOADED void put(float *p, vec v, int64_t n) {
  if (n >= LANES) {
    store(p, v);
  } else {
    store_part(p, v, n);
  }
}
OVERLOADED void put(half *p, vec v, int64_t n) {
  if (n >= LANES) {
    store(p, v);
  } else {
    store_part(p, v, n);
  }
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

INLINE vec sigmoid(vec a) { return splat(1) / (splat(1) + vexp(-a)); }

/// t + the products of both bf16 halves of each lane; only a level with HALF_DOT calls it.
INLINE vec add_pairs(vec t, vec x, vec w) {
#if HALF_DOT
  return (vec)_mm512_dpbf16_ps((__m512)t, (__m512bh)x, (__m512bh)w);
#else
  (void)x, (void)w;
  return t;
#endif
}
