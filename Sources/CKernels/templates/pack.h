// A right-hand side of E in panels of floats: panel p holds columns p·PANEL … as k rows of PANEL, zero-padded.

/// B(i, j) = b[i * stride + j], or b[j * stride + i] when `transposed`.
static void FORM(pack)(const E *b, ptrdiff_t stride, bool transposed, int64_t k, int64_t n,
                       int64_t begin, int64_t end, float *packed) {
  if (!transposed) {
    // A few rows at a time, all panels of them: memory is read in long runs, and written in runs
    // that are not a large power of two apart.
    for (int64_t i0 = 0; i0 < k; i0 += 16) {
      int64_t i1 = k - i0 < 16 ? k : i0 + 16;
      for (int64_t j = begin; j < end; j += PANEL) {
        float *target = packed + j * k + i0 * PANEL;
        for (int64_t i = i0; i < i1; i++, target += PANEL) {
          const E *row = b + i * stride + j;
          if (n - j >= PANEL) {
            for (int u = 0; u < GEMM_VECTORS; u++) {
              store(target + u * LANES, load(row + u * LANES));
            }
          } else {
            for (int64_t c = 0; c < PANEL; c++) target[c] = c < n - j ? get(row + c) : 0;
          }
        }
      }
    }
    return;
  }
  for (int64_t j = begin; j < end; j += PANEL) {
    float *panel = packed + j * k;
    int64_t width = n - j < PANEL ? n - j : PANEL;
    int64_t i = 0;
    if (width == PANEL) {
      for (; i + 8 <= k; i += 8) {
        for (int64_t c = 0; c < PANEL; c += 8) {
          eight rows[8];
          for (int e = 0; e < 8; e++) load_eight(b + (j + c + e) * stride + i, rows + e);
          transpose_eight(rows, panel + i * PANEL + c);
        }
      }
    }
    for (; i < k; i++) {
      for (int64_t c = 0; c < PANEL; c++) {
        panel[i * PANEL + c] = c < width ? get(b + (j + c) * stride + i) : 0;
      }
    }
  }
}
