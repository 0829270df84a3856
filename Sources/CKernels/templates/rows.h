// Loops over rows of E: sums, RMSNorm, RoPE, SwiGLU. The formulas stand in Tensors/Ops.
//
// Sums, statistics and all that is computed between reading and writing are fp32.

/// y += x.
static void FORM(add)(int64_t n, const void *xs, void *ys) {
  const E *x = xs;
  E *y = ys;
  for (int64_t i = 0; i < n; i += LANES) {
    put(y + i, take(y + i, n - i) + take(x + i, n - i), n - i);
  }
}

static void FORM(add_full)(int64_t n, const void *xs, float *y) {
  const E *x = xs;
  for (int64_t i = 0; i < n; i += LANES) {
    put(y + i, take(y + i, n - i) + take(x + i, n - i), n - i);
  }
}

/// y = a + b.
static void FORM(sum)(int64_t n, const void *as, const void *bs, void *ys) {
  const E *a = as, *b = bs;
  E *y = ys;
  for (int64_t i = 0; i < n; i += LANES) {
    put(y + i, take(b + i, n - i) + take(a + i, n - i), n - i);
  }
}

static void FORM(rmsnorm)(int64_t rows, int64_t width, const void *xs, const void *gains,
                          float epsilon, void *ys, float *inverse) {
  const E *x = xs, *gain = gains;
  E *y = ys;
  for (int64_t t = 0; t < rows; t++, x += width, y += width) {
    float r = 1.0f / __builtin_sqrtf(FORM(dot)(width, x, x) / (float)width + epsilon);
    inverse[t] = r;
    for (int64_t i = 0; i < width; i += LANES) {
      int64_t left = width - i;
      put(y + i, take(gain + i, left) * (take(x + i, left) * r), left);
    }
  }
}

static void FORM(rmsnorm_input)(int64_t rows, int64_t width, const void *dys, const void *xs,
                                const void *gains, const float *inverse, void *dxs,
                                bool accumulate) {
  const E *dy = dys, *x = xs, *gain = gains;
  E *dx = dxs;
  for (int64_t t = 0; t < rows; t++, x += width, dy += width, dx += width) {
    vec acc = splat(0);
    int64_t i = 0;
    for (; i + LANES <= width; i += LANES) {
      acc = (load(gain + i) * load(dy + i)) * load(x + i) + acc;
    }
    float total = sum(acc);
    for (; i < width; i++) total += get(gain + i) * get(dy + i) * get(x + i);
    float r = inverse[t];
    float shared = r * r * r * total / (float)width;
    for (i = 0; i < width; i += LANES) {
      int64_t left = width - i;
      vec d = r * (take(gain + i, left) * take(dy + i, left)) - shared * take(x + i, left);
      put(dx + i, accumulate ? take(dx + i, left) + d : d, left);
    }
  }
}

static void FORM(rmsnorm_gain)(int64_t rows, int64_t width, int64_t begin, int64_t end,
                               const void *dys, const void *xs, const float *inverse,
                               float *dgain) {
  const E *dy = dys, *x = xs;
  for (int64_t t = 0; t < rows; t++, dy += width, x += width) {
    float r = inverse[t];
    for (int64_t i = begin; i < end; i += LANES) {
      int64_t left = end - i;
      vec d = take(dy + i, left) * (take(x + i, left) * r);
      put(dgain + i, take(dgain + i, left) + d, left);
    }
  }
}

static void FORM(rope)(int64_t rows, void *xs, ptrdiff_t stride, int32_t heads, int32_t head_size,
                       const int32_t *positions, const float *table, float direction) {
  int32_t half_size = head_size / 2;
  for (int64_t t = 0; t < rows; t++) {
    const float *cosine = table + (int64_t)positions[t] * head_size, *sine = cosine + half_size;
    for (int32_t h = 0; h < heads; h++) {
      E *lo = (E *)xs + t * stride + (int64_t)h * head_size, *hi = lo + half_size;
      for (int64_t i = 0; i < half_size; i += LANES) {
        int64_t left = half_size - i;
        vec a = take(lo + i, left), b = take(hi + i, left), c = take(cosine + i, left);
        vec s = direction * take(sine + i, left);
        put(lo + i, a * c - b * s, left);
        put(hi + i, b * c + a * s, left);
      }
    }
  }
}

static void FORM(swiglu)(int64_t rows, int64_t width, const void *gates, const void *ups,
                         ptrdiff_t stride, void *ys) {
  const E *gate = gates, *up = ups;
  E *y = ys;
  for (int64_t t = 0; t < rows; t++, gate += stride, up += stride, y += width) {
    for (int64_t i = 0; i < width; i += LANES) {
      int64_t left = width - i;
      vec a = take(gate + i, left);
      put(y + i, a * sigmoid(a) * take(up + i, left), left);
    }
  }
}

static void FORM(swiglu_backward)(int64_t rows, int64_t width, const void *dys, const void *gates,
                                  const void *ups, ptrdiff_t stride, void *dgates, void *dups,
                                  ptrdiff_t gradient_stride) {
  const E *dy = dys, *gate = gates, *up = ups;
  E *dgate = dgates, *dup = dups;
  for (int64_t t = 0; t < rows; t++) {
    for (int64_t i = 0; i < width; i += LANES) {
      int64_t left = width - i;
      vec a = take(gate + i, left), b = take(up + i, left), d = take(dy + i, left);
      vec s = sigmoid(a);
      put(dgate + i, d * b * s * (splat(1) + a * (splat(1) - s)), left);
      put(dup + i, d * a * s, left);
    }
    dy += width, gate += stride, up += stride, dgate += gradient_stride, dup += gradient_stride;
  }
}
