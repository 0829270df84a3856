// The product for few rows: weights are read once, in place. One row's sum has its own order, the same
// for any number of rows beside it.

INLINE float dot(int64_t k, const float *x, const float *w) {
  vec t0 = splat(0), t1 = splat(0), t2 = splat(0), t3 = splat(0);
  int64_t i = 0;
  for (; i + 4 * LANES <= k; i += 4 * LANES) {
    t0 = load(x + i) * load(w + i) + t0;
    t1 = load(x + i + LANES) * load(w + i + LANES) + t1;
    t2 = load(x + i + 2 * LANES) * load(w + i + 2 * LANES) + t2;
    t3 = load(x + i + 3 * LANES) * load(w + i + 3 * LANES) + t3;
  }
  for (; i + LANES <= k; i += LANES) t0 = load(x + i) * load(w + i) + t0;
  if (i < k) t1 = load_part(x + i, k - i) * load_part(w + i, k - i) + t1;
  return sum((t0 + t1) + (t2 + t3));
}

static void matvec(int64_t rows, int64_t k, const float *x, ptrdiff_t x_stride, const float *w,
                   ptrdiff_t w_stride, int64_t begin, int64_t end, const float *residual,
                   ptrdiff_t residual_stride, float *y, ptrdiff_t y_stride) {
  for (int64_t j = begin; j < end; j++) {
    for (int64_t r = 0; r < rows; r++) {
      float value = dot(k, x + r * x_stride, w + j * w_stride);
      if (residual) value += residual[r * residual_stride + j];
      y[r * y_stride + j] = value;
    }
  }
}
