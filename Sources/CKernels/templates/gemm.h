// The matrix product: B in packed panels, A read where it lies, one tile of C in registers.
//
// Each element of C is a sum over k in order, whatever tile it falls into and wherever its row
// stands in the batch. Matrix libraries do not promise that (OpenBLAS's AVX2 kernel gives the first and the second half
// of every twelve rows different bits), and evaluation must not depend on the batch.
//
// The half form rounds what is no bf16 yet as it copies both sides, and sums in fp32. With HALF_DOT two neighbours in k
// share a lane of 32 bits, low half first, and one instruction takes both; else the rounded numbers stay fp32.

/// Numbers along k that one lane holds.
#define HALF_STEP (HALF_DOT ? 2 : 1)

#define PANEL (LANES * GEMM_VECTORS)
#define K_BLOCK 256
/// Floats from one row of a packed block of A to the next: no power of two, so that rows do not meet in
/// the same few places of the first cache.
#define K_PITCH (K_BLOCK + 8)
#define ROW_BLOCK (GEMM_ROWS * 16)

/// `rows` × `vectors` · LANES of C, both known when inlined. A(i, l) = a[i * row + l * step].
INLINE void micro(int rows, int vectors, int64_t k, const float *a, ptrdiff_t row, ptrdiff_t step,
                  const float *b, float *c, ptrdiff_t c_stride, int64_t width, bool accumulate,
                  bool paired) {
  vec t[8][GEMM_VECTORS];
  for (int i = 0; i < rows; i++) {
    for (int u = 0; u < vectors; u++) t[i][u] = splat(0);
  }
  // What is added to comes from afar while the sums are made.
  if (accumulate) {
    for (int i = 0; i < rows; i++) {
      for (int u = 0; u < vectors; u++) __builtin_prefetch(c + i * c_stride + u * LANES, 1);
    }
  }
  for (int64_t l = 0; l < k; l++) {
    vec w[GEMM_VECTORS];
    for (int u = 0; u < vectors; u++) w[u] = load(b + u * LANES);
    for (int i = 0; i < rows; i++) {
      vec x = splat(a[i * row]);
      for (int u = 0; u < vectors; u++) {
        t[i][u] = paired ? add_pairs(t[i][u], x, w[u]) : x * w[u] + t[i][u];
      }
    }
    a += step;
    b += PANEL;
  }
  for (int i = 0; i < rows; i++) {
    for (int u = 0; u < vectors; u++) {
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

#define MICRO(rows, vectors) \
  micro(rows, vectors, k, a, row, step, b, c, c_stride, width, accumulate, paired)

/// Chooses the loop for a block: a narrow last panel computes no column in vain.
INLINE void micro_any(int rows, int64_t k, const float *a, ptrdiff_t row, ptrdiff_t step,
                      const float *b, float *c, ptrdiff_t c_stride, int64_t width,
                      bool accumulate, bool paired) {
  if (rows == GEMM_ROWS) {
    if (width <= LANES) return MICRO(GEMM_ROWS, 1);
#if GEMM_VECTORS == 3
    if (width <= 2 * LANES) return MICRO(GEMM_ROWS, 2);
#endif
    return MICRO(GEMM_ROWS, GEMM_VECTORS);
  }
  switch (rows) {
    case 1: return MICRO(1, GEMM_VECTORS);
    case 2: return MICRO(2, GEMM_VECTORS);
    case 3: return MICRO(3, GEMM_VECTORS);
    case 4: return MICRO(4, GEMM_VECTORS);
    case 5: return MICRO(5, GEMM_VECTORS);
    case 6: return MICRO(6, GEMM_VECTORS);
    default: return MICRO(7, GEMM_VECTORS);
  }
}

/// A row-major block of A.
static void micro_rows(int rows, int64_t k, const float *a, ptrdiff_t row, const float *b,
                       float *c, ptrdiff_t c_stride, int64_t width, bool accumulate) {
  micro_any(rows, k, a, row, 1, b, c, c_stride, width, accumulate, false);
}

/// A block of A packed as k columns of GEMM_ROWS floats.
static void micro_columns(int rows, int64_t k, const float *a, const float *b, float *c,
                          ptrdiff_t c_stride, int64_t width, bool accumulate) {
  micro_any(rows, k, a, 1, GEMM_ROWS, b, c, c_stride, width, accumulate, false);
}

/// Copies m columns of a block of A so that the kernel reads GEMM_ROWS of them side by side.
INLINE void gather_columns(int64_t m, int64_t depth, const float *a, ptrdiff_t stride,
                           float *restrict columns) {
  int64_t whole = m - m % GEMM_ROWS;
  for (int64_t l = 0; l < depth; l++) {
    const float *source = a + l * stride;
    float *target = columns + l * GEMM_ROWS;
    for (int64_t i = 0; i < m; i += 16) __builtin_prefetch(source + 8 * stride + i);
    for (int64_t i = 0; i < whole; i += GEMM_ROWS) {
      __builtin_memcpy(target + i * K_PITCH, source + i, GEMM_ROWS * sizeof(float));
    }
    for (int64_t i = whole; i < m; i++) target[whole * K_PITCH + i - whole] = source[i];
  }
}

static void gemm(int64_t m, int64_t k, kaji_matrix left, const float *packed, int64_t begin,
                 int64_t end, kaji_matrix target, bool accumulate) {
  float columns[ROW_BLOCK * K_PITCH];
  const float *a = left.base;
  float *c = target.base;
  const ptrdiff_t a_stride = left.stride, c_stride = target.stride;
  const bool transposed = left.transposed;
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
        gather_columns(i1 - i0, depth, a + l0 * a_stride + i0, a_stride, columns);
      }
      for (int64_t j = begin; j < end; j += PANEL) {
        const float *panel = packed + j * k + l0 * PANEL;
        int64_t width = end - j < PANEL ? end - j : PANEL;
        for (int64_t i = i0; i < i1; i += GEMM_ROWS) {
          int rows = (int)(i1 - i < GEMM_ROWS ? i1 - i : GEMM_ROWS);
          float *corner = c + i * c_stride + j;
          if (transposed) {
            micro_columns(rows, depth, columns + (i - i0) * K_PITCH, panel, corner, c_stride,
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
