// Loops over rows: sums, RMSNorm, RoPE, SwiGLU. The formulas stand in Tensors/Ops.

static void add(int64_t n, const float *restrict x, float *restrict y) {
  for (int64_t i = 0; i < n; i++) y[i] += x[i];
}

static void scaled_add(int64_t n, const float *x, float scale, const float *z, float *y) {
  for (int64_t i = 0; i < n; i++) y[i] = z[i] + scale * x[i];
}

static void rmsnorm(int64_t rows, int64_t width, const float *x, const float *gain, float epsilon,
                    float *y, float *inverse) {
  for (int64_t t = 0; t < rows; t++, x += width, y += width) {
    float r = 1.0f / __builtin_sqrtf(dot(width, x, x) / (float)width + epsilon);
    inverse[t] = r;
    for (int64_t i = 0; i < width; i++) y[i] = gain[i] * (x[i] * r);
  }
}

static void rmsnorm_input(int64_t rows, int64_t width, const float *dy, const float *x,
                          const float *gain, const float *inverse, float *dx, bool accumulate) {
  for (int64_t t = 0; t < rows; t++, x += width, dy += width, dx += width) {
    vec acc = splat(0);
    int64_t i = 0;
    for (; i + LANES <= width; i += LANES) {
      acc = (load(gain + i) * load(dy + i)) * load(x + i) + acc;
    }
    float total = sum(acc);
    for (; i < width; i++) total += gain[i] * dy[i] * x[i];
    float r = inverse[t];
    float shared = r * r * r * total / (float)width;
    for (i = 0; i + LANES <= width; i += LANES) {
      vec d = r * (load(gain + i) * load(dy + i)) - shared * load(x + i);
      store(dx + i, accumulate ? load(dx + i) + d : d);
    }
    for (; i < width; i++) {
      float d = r * (gain[i] * dy[i]) - shared * x[i];
      dx[i] = accumulate ? dx[i] + d : d;
    }
  }
}

static void rmsnorm_gain(int64_t rows, int64_t width, int64_t begin, int64_t end, const float *dy,
                         const float *x, const float *inverse, float *dgain) {
  for (int64_t t = 0; t < rows; t++) {
    float r = inverse[t];
    const float *a = dy + t * width, *b = x + t * width;
    for (int64_t i = begin; i < end; i++) dgain[i] += a[i] * (b[i] * r);
  }
}

static void rope(int64_t rows, float *x, ptrdiff_t stride, int32_t heads, int32_t head_size,
                 const int32_t *positions, const float *table, float direction) {
  int32_t half = head_size / 2;
  for (int64_t t = 0; t < rows; t++) {
    const float *cosine = table + (int64_t)positions[t] * head_size, *sine = cosine + half;
    for (int32_t h = 0; h < heads; h++) {
      float *lo = x + t * stride + (int64_t)h * head_size, *hi = lo + half;
      int32_t i = 0;
      for (; i + LANES <= half; i += LANES) {
        vec a = load(lo + i), b = load(hi + i), c = load(cosine + i);
        vec s = direction * load(sine + i);
        store(lo + i, a * c - b * s);
        store(hi + i, b * c + a * s);
      }
      for (; i < half; i++) {
        float a = lo[i], b = hi[i], s = direction * sine[i];
        lo[i] = a * cosine[i] - b * s;
        hi[i] = b * cosine[i] + a * s;
      }
    }
  }
}

INLINE vec sigmoid(vec a) { return splat(1) / (splat(1) + vexp(-a)); }

static void swiglu(int64_t rows, int64_t width, const float *gate, const float *up,
                   ptrdiff_t stride, float *y) {
  for (int64_t t = 0; t < rows; t++, gate += stride, up += stride, y += width) {
    int64_t i = 0;
    for (; i + LANES <= width; i += LANES) {
      vec a = load(gate + i);
      store(y + i, a * sigmoid(a) * load(up + i));
    }
    if (i < width) {
      vec a = load_part(gate + i, width - i);
      store_part(y + i, a * sigmoid(a) * load_part(up + i, width - i), width - i);
    }
  }
}

static void swiglu_backward(int64_t rows, int64_t width, const float *dy, const float *gate,
                            const float *up, ptrdiff_t stride, float *dgate, float *dup,
                            ptrdiff_t gradient_stride) {
  for (int64_t t = 0; t < rows; t++) {
    for (int64_t i = 0; i < width; i += LANES) {
      int64_t left = width - i;
      bool whole = left >= LANES;
      vec a = whole ? load(gate + i) : load_part(gate + i, left);
      vec b = whole ? load(up + i) : load_part(up + i, left);
      vec d = whole ? load(dy + i) : load_part(dy + i, left);
      vec s = sigmoid(a);
      vec da = d * b * s * (splat(1) + a * (splat(1) - s));
      vec db = d * a * s;
      if (whole) {
        store(dgate + i, da);
        store(dup + i, db);
      } else {
        store_part(dgate + i, da, left);
        store_part(dup + i, db, left);
      }
    }
    dy += width, gate += stride, up += stride, dgate += gradient_stride, dup += gradient_stride;
  }
}
