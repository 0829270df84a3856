// The product for few rows: weights are read once, in place. Each sum has its own order, the same for
// any number of rows and outputs computed beside it.

/// `rows` × `outputs` dot products of length k, both counts known when inlined.
INLINE void dots(int rows, int outputs, int64_t k, const float *x, ptrdiff_t x_stride,
                 const float *w, ptrdiff_t w_stride, float out[4]) {
  vec even[4], odd[4];
  for (int p = 0; p < rows * outputs; p++) even[p] = odd[p] = splat(0);
  int64_t i = 0;
  for (; i + 2 * LANES <= k; i += 2 * LANES) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < outputs; j++) {
        const float *a = x + r * x_stride + i, *b = w + j * w_stride + i;
        int p = r * outputs + j;
        even[p] = load(a) * load(b) + even[p];
        odd[p] = load(a + LANES) * load(b + LANES) + odd[p];
      }
    }
  }
  for (int r = 0; r < rows; r++) {
    for (int j = 0; j < outputs; j++) {
      const float *a = x + r * x_stride, *b = w + j * w_stride;
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

INLINE float dot(int64_t k, const float *x, const float *w) {
  float out[4];
  dots(1, 1, k, x, 0, w, 0, out);
  return out[0];
}

static void matvec(int64_t rows, int64_t k, const float *x, ptrdiff_t x_stride, const float *w,
                   ptrdiff_t w_stride, int64_t begin, int64_t end, const float *residual,
                   ptrdiff_t residual_stride, float *y, ptrdiff_t y_stride) {
  int64_t r = 0;
  for (; r + 4 <= rows; r += 4) {
    for (int64_t j = begin; j < end; j++) {
      float out[4];
      dots(4, 1, k, x + r * x_stride, x_stride, w + j * w_stride, 0, out);
      for (int i = 0; i < 4; i++) y[(r + i) * y_stride + j] = out[i];
    }
  }
  for (; r < rows; r++) {
    int64_t j = begin;
    for (; j + 4 <= end; j += 4) {
      dots(1, 4, k, x + r * x_stride, 0, w + j * w_stride, w_stride, y + r * y_stride + j);
    }
    for (; j < end; j++) y[r * y_stride + j] = dot(k, x + r * x_stride, w + j * w_stride);
  }
  if (!residual) return;
  for (r = 0; r < rows; r++) {
    for (int64_t j = begin; j < end; j++) {
      y[r * y_stride + j] += residual[r * residual_stride + j];
    }
  }
}
