// The matrix product: B in packed panels, A read where it lies, one tile of C in registers.
//
// Each element of C is a sum over k in order, whatever tile it falls into and wherever its row
// stands in the batch. Matrix libraries do not promise that (OpenBLAS's AVX2 kernel gives the first and the second half
// of every twelve rows different bits), and evaluation must not depend on the batch.

#define PANEL (LANES * GEMM_VECTORS)
#define K_BLOCK 256
#define ROW_BLOCK (GEMM_ROWS * 16)

static void pack(const float *b, ptrdiff_t stride, bool transposed, int64_t k, int64_t n,
                 int64_t begin, int64_t end, float *packed) {
  for (int64_t j = begin; j < end; j += PANEL) {
    float *panel = packed + j * k;
    int64_t width = n - j < PANEL ? n - j : PANEL;
    if (!transposed) {
      for (int64_t i = 0; i < k; i++) {
        const float *row = b + i * stride + j;
        if (width == PANEL) {
          for (int u = 0; u < GEMM_VECTORS; u++) {
            store(panel + i * PANEL + u * LANES, load(row + u * LANES));
          }
        } else {
          for (int64_t c = 0; c < PANEL; c++) panel[i * PANEL + c] = c < width ? row[c] : 0;
        }
      }
      continue;
    }
    // Eight rows of the source at a time, so that each written line is nearly complete while hot.
    for (int64_t i = 0; i < k; i += 8) {
      int64_t depth = k - i < 8 ? k - i : 8;
      for (int64_t c = 0; c < PANEL; c++) {
        if (c < width) {
          const float *column = b + (j + c) * stride + i;
          for (int64_t l = 0; l < depth; l++) panel[(i + l) * PANEL + c] = column[l];
        } else {
          for (int64_t l = 0; l < depth; l++) panel[(i + l) * PANEL + c] = 0;
        }
      }
    }
  }
}

/// `rows` × PANEL of C, `rows` ≤ GEMM_ROWS known when inlined. A(i, l) = a[i * row + l * step].
INLINE void micro(int rows, int64_t k, const float *a, ptrdiff_t row, ptrdiff_t step,
                  const float *b, float *c, ptrdiff_t c_stride, int64_t width, bool accumulate) {
  vec t[GEMM_ROWS][GEMM_VECTORS];
  for (int i = 0; i < rows; i++) {
    for (int u = 0; u < GEMM_VECTORS; u++) t[i][u] = splat(0);
  }
  for (int64_t l = 0; l < k; l++) {
    vec w[GEMM_VECTORS];
    for (int u = 0; u < GEMM_VECTORS; u++) w[u] = load(b + u * LANES);
    for (int i = 0; i < rows; i++) {
      vec x = splat(a[i * row]);
      for (int u = 0; u < GEMM_VECTORS; u++) t[i][u] = x * w[u] + t[i][u];
    }
    a += step;
    b += PANEL;
  }
  for (int i = 0; i < rows; i++) {
    for (int u = 0; u < GEMM_VECTORS; u++) {
      float *p = c + i * c_stride + u * LANES;
      int64_t left = width - u * LANES;
      if (left >= LANES) {
        store(p, accumulate ? load(p) + t[i][u] : t[i][u]);
      } else if (left > 0) {
        store_part(p, accumulate ? load_part(p, left) + t[i][u] : t[i][u], left);
      }
    }
  }
}

#define MICRO(n) \
  case n: micro(n, k, a, row, step, b, c, c_stride, width, accumulate); break;

/// A row-major block of A.
static void micro_rows(int rows, int64_t k, const float *a, ptrdiff_t row, const float *b,
                       float *c, ptrdiff_t c_stride, int64_t width, bool accumulate) {
  const ptrdiff_t step = 1;
  switch (rows) {
    MICRO(1) MICRO(2) MICRO(3) MICRO(4)
#if GEMM_ROWS >= 6
    MICRO(5) MICRO(6)
#endif
#if GEMM_ROWS >= 8
    MICRO(7) MICRO(8)
#endif
  }
}

/// A block of A packed as k columns of GEMM_ROWS floats.
static void micro_columns(int rows, int64_t k, const float *a, const float *b, float *c,
                          ptrdiff_t c_stride, int64_t width, bool accumulate) {
  const ptrdiff_t row = 1, step = GEMM_ROWS;
  switch (rows) {
    MICRO(1) MICRO(2) MICRO(3) MICRO(4)
#if GEMM_ROWS >= 6
    MICRO(5) MICRO(6)
#endif
#if GEMM_ROWS >= 8
    MICRO(7) MICRO(8)
#endif
  }
}

static void gemm(int64_t m, int64_t k, const float *a, ptrdiff_t a_stride, bool transposed,
                 const float *packed, int64_t begin, int64_t end, float *c, ptrdiff_t c_stride,
                 bool accumulate) {
  float columns[ROW_BLOCK * K_BLOCK];
  if (k == 0 && !accumulate) {
    for (int64_t i = 0; i < m; i++) {
      for (int64_t j = begin; j < end; j++) c[i * c_stride + j] = 0;
    }
  }
  for (int64_t i0 = 0; i0 < m; i0 += ROW_BLOCK) {
    int64_t i1 = m - i0 < ROW_BLOCK ? m : i0 + ROW_BLOCK;
    for (int64_t l0 = 0; l0 < k; l0 += K_BLOCK) {
      int64_t depth = k - l0 < K_BLOCK ? k - l0 : K_BLOCK;
      bool adding = accumulate || l0 > 0;
      if (transposed) {
        for (int64_t l = 0; l < depth; l++) {
          const float *source = a + (l0 + l) * a_stride + i0;
          for (int64_t i = 0; i < i1 - i0; i++) {
            columns[(i / GEMM_ROWS) * (GEMM_ROWS * K_BLOCK) + l * GEMM_ROWS + i % GEMM_ROWS] =
                source[i];
          }
        }
      }
      for (int64_t j = begin; j < end; j += PANEL) {
        const float *panel = packed + j * k + l0 * PANEL;
        int64_t width = end - j < PANEL ? end - j : PANEL;
        for (int64_t i = i0; i < i1; i += GEMM_ROWS) {
          int rows = (int)(i1 - i < GEMM_ROWS ? i1 - i : GEMM_ROWS);
          float *corner = c + i * c_stride + j;
          if (transposed) {
            micro_columns(rows, depth, columns + (i - i0) * K_BLOCK, panel, corner, c_stride,
                          width, adding);
          } else {
            micro_rows(rows, depth, a + i * a_stride + l0, a_stride, panel, corner, c_stride,
                       width, adding);
          }
        }
      }
    }
  }
}
