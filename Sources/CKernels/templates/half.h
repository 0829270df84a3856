// The half form of the product: both sides bf16, what is fp32 rounded to the nearest, ties to even.

/// Numbers along k in one block: as many lanes as a block of fp32 has.
#define HALF_BLOCK (K_BLOCK * HALF_STEP)

/// What a lane of a packed side holds: two neighbours in k, or one widened.
INLINE uint32_t lane(uint32_t low, uint32_t high) { return HALF_DOT ? low | high << 16 : low << 16; }
INLINE vec lanes(uvec low, uvec high) { return as_vec(HALF_DOT ? low | high << 16 : low << 16); }

#define E float
#define FORM(name) name##_full
#include "half_sides.h"
#undef E
#undef FORM
#define E half
#define FORM(name) name##_half
#include "half_sides.h"
#undef E
#undef FORM

static void pack_product_half(kaji_matrix b, int64_t k, int64_t n, int64_t begin, int64_t end,
                              float *packed) {
  if (!b.transposed) {
    if (b.is_half) {
      pack_rows_half(b.base, b.stride, k, n, begin, end, packed);
    } else {
      pack_rows_full(b.base, b.stride, k, n, begin, end, packed);
    }
  } else if (!b.is_half) {
    pack_columns_full(b.base, b.stride, k, n, begin, end, packed);
  } else if (!HALF_DOT) {
    pack_half(b.base, b.stride, true, k, n, begin, end, packed);
  } else if (k % 2 == 0 && b.stride % 2 == 0) {
    // Two neighbours in k are one word already.
    pack_full(b.base, b.stride / 2, true, k / 2, n, begin, end, packed);
  } else {
    pack_columns_half(b.base, b.stride, k, n, begin, end, packed);
  }
}

/// A block of A as `micro_any` reads it.
INLINE void gather_half(kaji_matrix a, int64_t m, int64_t i0, int64_t depth, int64_t l0,
                        float *block) {
  int64_t first = a.transposed ? l0 * a.stride + i0 : i0 * a.stride + l0;
  if (a.is_half) {
    const half *base = (const half *)a.base + first;
    if (a.transposed) {
      gather_columns_half(m, depth, base, a.stride, block);
    } else {
      gather_rows_half(m, depth, base, a.stride, block);
    }
  } else {
    const float *base = (const float *)a.base + first;
    if (a.transposed) {
      gather_columns_full(m, depth, base, a.stride, block);
    } else {
      gather_rows_full(m, depth, base, a.stride, block);
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

/// y = x (+ y).
static void narrow(int64_t n, const float *x, void *ys, bool accumulate) {
  half *y = ys;
  for (int64_t i = 0; i < n; i += LANES) {
    vec v = take(x + i, n - i);
    put(y + i, accumulate ? v + take(y + i, n - i) : v, n - i);
  }
}

static void gemm_half(int64_t m, int64_t k, kaji_matrix a, const float *packed, int64_t begin,
                      int64_t end, kaji_matrix c, bool accumulate) {
  float block[ROW_BLOCK * K_PITCH];
  // Sums that are halves at last are whole until then.
  float sums[ROW_BLOCK * PANEL * KAJI_TASK_PANELS];
  const int64_t all = (k + HALF_STEP - 1) / HALF_STEP;
  if (k == 0 && !c.is_half) return gemm(m, k, a, packed, begin, end, c, accumulate);
  for (int64_t i0 = 0; i0 < m; i0 += ROW_BLOCK) {
    int64_t i1 = m - i0 < ROW_BLOCK ? m : i0 + ROW_BLOCK;
    float *target = c.is_half ? sums : (float *)c.base + i0 * c.stride + begin;
    ptrdiff_t stride = c.is_half ? PANEL * KAJI_TASK_PANELS : c.stride;
    for (int64_t l0 = 0; l0 < k; l0 += HALF_BLOCK) {
      int64_t depth = k - l0 < HALF_BLOCK ? k - l0 : HALF_BLOCK;
      int64_t steps = (depth + HALF_STEP - 1) / HALF_STEP;
      bool adding = l0 > 0 || (accumulate && !c.is_half);
      gather_half(a, i1 - i0, i0, depth, l0, block);
      for (int64_t j = begin; j < end; j += PANEL) {
        const float *panel = packed + j * all + l0 / HALF_STEP * PANEL;
        int64_t width = end - j < PANEL ? end - j : PANEL;
        for (int64_t i = i0; i < i1; i += GEMM_ROWS) {
          int rows = (int)(i1 - i < GEMM_ROWS ? i1 - i : GEMM_ROWS);
          const float *left = block + (i - i0) * K_PITCH;
          float *corner = target + (i - i0) * stride + j - begin;
          if (a.transposed) {
            micro_half_columns(rows, steps, left, panel, corner, stride, width, adding);
          } else {
            micro_half_rows(rows, steps, left, panel, corner, stride, width, adding);
          }
        }
      }
    }
    for (int64_t i = i0; c.is_half && i < i1; i++) {
      narrow(end - begin, sums + (i - i0) * stride, (half *)c.base + i * c.stride + begin,
             accumulate);
    }
  }
}
