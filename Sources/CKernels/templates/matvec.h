// The product of E for few rows: weights are read once, in place. Each sum has its own order, the same for
// any number of rows and outputs computed beside it.

/// `rows` × `outputs` dot products of length k, both counts known when inlined.
INLINE void FORM(dots)(int rows, int outputs, int64_t k, const E *x, ptrdiff_t x_stride,
                       const E *w, ptrdiff_t w_stride, float out[4]) {
  vec even[4], odd[4];
  for (int p = 0; p < rows * outputs; p++) even[p] = odd[p] = splat(0);
  int64_t i = 0;
  for (; i + 2 * LANES <= k; i += 2 * LANES) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < outputs; j++) {
        const E *a = x + r * x_stride + i, *b = w + j * w_stride + i;
        int p = r * outputs + j;
        even[p] = load(a) * load(b) + even[p];
        odd[p] = load(a + LANES) * load(b + LANES) + odd[p];
      }
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int j = 0; j < outputs; j++) {
      const E *a = x + r * x_stride, *b = w + j * w_stride;
      int p = r * outputs + j;
      int64_t l = i;
      if (l + LANES <= k) {
        even[p] = load(a + l) * load(b + l) + even[p];
        l += LANES;
      }
      if (l < k) odd[p] = load_part(a + l, k - l) * load_part(b + l, k - l) + odd[p];
      out[p] = sum(even[p] + odd[p]);
    }
  }
}

INLINE float FORM(dot)(int64_t k, const E *x, const E *w) {
  float out[4];
  FORM(dots)(1, 1, k, x, 0, w, 0, out);
  return out[0];
}

/// Writes the sum of output j of row r, and what is added to it.
INLINE void FORM(put_sum)(float x, const void *residual, ptrdiff_t residual_place, void *y,
                          ptrdiff_t place, bool y_full) {
  if (residual) x += get((const E *)residual + residual_place);
  if (y_full) {
    set((float *)y + place, x);
  } else {
    set((E *)y + place, x);
  }
}

static void FORM(matvec)(int64_t rows, int64_t k, const void *xs, ptrdiff_t x_stride,
                         const void *ws, ptrdiff_t w_stride, int64_t begin, int64_t end,
                         const void *residual, ptrdiff_t residual_stride, void *y,
                         ptrdiff_t y_stride, bool y_full) {
  const E *x = xs, *w = ws;
  float out[4];
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    for (int64_t j = begin; j < end; j++) {
      FORM(dots)(4, 1, k, x + r * x_stride, x_stride, w + j * w_stride, 0, out);
      for (int i = 0; i < 4; i++) {
        FORM(put_sum)(out[i], residual, (r + i) * residual_stride + j, y, (r + i) * y_stride + j,
                      y_full);
      }
    }
  }
  for (; r < rows; r++) {
    int64_t j = begin;
    for (; j < end; j += 4) {
      int count = end - j < 4 ? (int)(end - j) : 4;
      if (count == 4) {
        FORM(dots)(1, 4, k, x + r * x_stride, 0, w + j * w_stride, w_stride, out);
      } else {
        for (int i = 0; i < count; i++) out[i] = FORM(dot)(k, x + r * x_stride, w + (j + i) * w_stride);
      }
      for (int i = 0; i < count; i++) {
        FORM(put_sum)(out[i], residual, r * residual_stride + j + i, y, r * y_stride + j + i, y_full);
      }
    }
  }
}
