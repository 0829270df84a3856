// The half form of the product: both sides rounded to bf16, to the nearest, ties to even.

typedef uint32_t uvec __attribute__((ext_vector_type(LANES)));
typedef uint16_t hvec __attribute__((ext_vector_type(LANES)));
typedef struct { hvec v; } __attribute__((packed, aligned(2), may_alias)) loose_half;
typedef uint16_t __attribute__((may_alias)) loose_word;

INLINE uint32_t bits(float x) {
  uint32_t word;
  __builtin_memcpy(&word, &x, 4);
  return word;
}

/// The upper 16 bits are the bf16 nearest to x, the lower are zero; NaN stays one.
INLINE uint32_t half_bits(float x) {
  uint32_t word = bits(x);
  uint32_t rounded = word + 0x7FFF + ((word >> 16) & 1);
  return (x == x ? rounded : word | 0x400000) & 0xFFFF0000;
}
INLINE uvec half_lanes(vec x) {
  union { vec f; uvec u; } word = {.f = x};
  uvec rounded = word.u + 0x7FFF + ((word.u >> 16) & 1);
  return (x == x ? rounded : word.u | 0x400000) & 0xFFFF0000;
}
/// The bf16 nearest to low in the lower halves of the lanes, those nearest to high in the upper.
INLINE uvec half_pairs(vec low, vec high) {
#if HALF_DOT
  uvec l = __builtin_convertvector((hvec)_mm512_cvtneps_pbh((__m512)low), uvec);
  uvec h = __builtin_convertvector((hvec)_mm512_cvtneps_pbh((__m512)high), uvec);
  return l | h << 16;
#else
  return half_lanes(low) >> 16 | half_lanes(high);
#endif
}
INLINE vec as_vec(uvec u) {
  union { uvec u; vec f; } word = {.u = u};
  return word.f;
}
INLINE float as_float(uint32_t u) {
  float x;
  __builtin_memcpy(&x, &u, 4);
  return x;
}

/// Rounds what `pack` has left for the columns [begin, end), and joins neighbours in k.
static void pack_half(const float *b, ptrdiff_t stride, bool transposed, int64_t k, int64_t n,
                      int64_t begin, int64_t end, float *packed) {
  pack(b, stride, transposed, k, n, begin, end, packed);
  int64_t steps = (k + HALF_STEP - 1) / HALF_STEP;
  for (int64_t j = begin; j < end; j += PANEL) {
    // In place: what is written never lies beyond what has been read.
    const float *source = packed + j * k;
    float *target = packed + j * k;
    for (int64_t l = 0; l < steps; l++) {
      for (int u = 0; u < GEMM_VECTORS; u++) {
        const float *from = source + l * HALF_STEP * PANEL + u * LANES;
        uvec word;
        if (HALF_DOT) {
          word = half_pairs(load(from), l * 2 + 1 < k ? load(from + PANEL) : splat(0));
        } else {
          word = half_lanes(load(from));
        }
        store(target + l * PANEL + u * LANES, as_vec(word));
      }
    }
  }
}

/// Numbers along k in one block: as many lanes as a block of fp32 has.
#define HALF_BLOCK (K_BLOCK * HALF_STEP)

/// A row-major block of A as `micro_half_rows` reads it: K_PITCH lanes a row.
INLINE void gather_half_rows(int64_t m, int64_t depth, const float *a, ptrdiff_t stride,
                             float *rows) {
  for (int64_t i = 0; i < m; i++, a += stride) {
    if (HALF_DOT) {
      loose_word *target = (loose_word *)(rows + i * K_PITCH);
      int64_t l = 0;
      for (; l + LANES <= depth; l += LANES) {
#if HALF_DOT
        ((loose_half *)(target + l))->v = (hvec)_mm512_cvtneps_pbh((__m512)load(a + l));
#endif
      }
      for (; l < depth; l++) target[l] = (uint16_t)(half_bits(a[l]) >> 16);
      if (depth % 2) target[depth] = 0;
    } else {
      float *target = rows + i * K_PITCH;
      int64_t l = 0;
      for (; l + LANES <= depth; l += LANES) store(target + l, as_vec(half_lanes(load(a + l))));
      for (; l < depth; l++) target[l] = as_float(half_bits(a[l]));
    }
  }
}

/// The same for a block of A whose columns are rows: groups of GEMM_ROWS, step after step.
INLINE void gather_half_columns(int64_t m, int64_t depth, const float *a, ptrdiff_t stride,
                                float *columns) {
  for (int64_t l = 0; l < depth; l += HALF_STEP) {
    const float *low = a + l * stride;
    const float *high = HALF_DOT && l + 1 < depth ? low + stride : 0;
    float *target = columns + l / HALF_STEP * GEMM_ROWS;
    for (int64_t i = 0; i < m; i += 16) __builtin_prefetch(low + 8 * stride + i);
    uint32_t words[ROW_BLOCK];
    int64_t i = 0;
    for (; i + LANES <= m; i += LANES) {
      vec x = load(low + i);
      uvec word = HALF_DOT ? half_pairs(x, high ? load(high + i) : splat(0)) : half_lanes(x);
      store((float *)words + i, as_vec(word));
    }
    for (; i < m; i++) {
      words[i] = half_bits(low[i]);
      if (HALF_DOT) words[i] = words[i] >> 16 | (high ? half_bits(high[i]) : 0);
    }
    for (i = 0; i < m; i += GEMM_ROWS) {
      int64_t count = m - i < GEMM_ROWS ? m - i : GEMM_ROWS;
      __builtin_memcpy(target + i * K_PITCH, words + i, (size_t)count * 4);
    }
  }
}

static void micro_half_rows(int rows, int64_t steps, const float *a, const float *b, float *c,
                            ptrdiff_t c_stride, int64_t width, bool accumulate) {
  micro_any(rows, steps, a, K_PITCH, 1, b, c, c_stride, width, accumulate, HALF_DOT);
}

static void micro_half_columns(int rows, int64_t steps, const float *a, const float *b, float *c,
                               ptrdiff_t c_stride, int64_t width, bool accumulate) {
  micro_any(rows, steps, a, 1, GEMM_ROWS, b, c, c_stride, width, accumulate, HALF_DOT);
}

static void gemm_half(int64_t m, int64_t k, const float *a, ptrdiff_t a_stride, bool transposed,
                      const float *packed, int64_t begin, int64_t end, float *c,
                      ptrdiff_t c_stride, bool accumulate) {
  float block[ROW_BLOCK * K_PITCH];
  if (k == 0) return gemm(m, k, a, a_stride, transposed, packed, begin, end, c, c_stride, accumulate);
  for (int64_t i0 = 0; i0 < m; i0 += ROW_BLOCK) {
    int64_t i1 = m - i0 < ROW_BLOCK ? m : i0 + ROW_BLOCK;
    for (int64_t l0 = 0; l0 < k; l0 += HALF_BLOCK) {
      int64_t depth = k - l0 < HALF_BLOCK ? k - l0 : HALF_BLOCK;
      int64_t steps = (depth + HALF_STEP - 1) / HALF_STEP;
      bool adding = accumulate || l0 > 0;
      if (transposed) {
        gather_half_columns(i1 - i0, depth, a + l0 * a_stride + i0, a_stride, block);
      } else {
        gather_half_rows(i1 - i0, depth, a + i0 * a_stride + l0, a_stride, block);
      }
      for (int64_t j = begin; j < end; j += PANEL) {
        const float *panel = packed + j * k + l0 / HALF_STEP * PANEL;
        int64_t width = end - j < PANEL ? end - j : PANEL;
        for (int64_t i = i0; i < i1; i += GEMM_ROWS) {
          int rows = (int)(i1 - i < GEMM_ROWS ? i1 - i : GEMM_ROWS);
          const float *left = block + (i - i0) * K_PITCH;
          float *corner = c + i * c_stride + j;
          if (transposed) {
            micro_half_columns(rows, steps, left, panel, corner, c_stride, width, adding);
          } else {
            micro_half_rows(rows, steps, left, panel, corner, c_stride, width, adding);
          }
        }
      }
    }
  }
}
