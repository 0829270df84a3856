// Softmax and cross-entropy, over logits that lie class after class: z[class][token]. The lanes of a vector are
// tokens: no horizontal step, and a token's loss does not depend on its neighbours.

/// Tokens that are taken side by side, in vectors.
enum { SOFTMAX_STRIP = 4 };

INLINE void softmax_strip(int vectors, int64_t classes, int64_t left, const float *z,
                          ptrdiff_t stride, float *peak, float *total, float *sums) {
  vec top[SOFTMAX_STRIP], acc[SOFTMAX_STRIP], all[SOFTMAX_STRIP];
  for (int u = 0; u < vectors; u++) {
    top[u] = take(z + u * LANES, left);
    acc[u] = all[u] = splat(0);
  }
  for (int64_t v = 1; v < classes; v++) {
    for (int u = 0; u < vectors; u++) {
      vec x = take(z + v * stride + u * LANES, left);
      top[u] = x > top[u] ? x : top[u];
    }
  }
  for (int64_t v = 0; v < classes; v++) {
    for (int u = 0; u < vectors; u++) {
      vec x = take(z + v * stride + u * LANES, left);
      acc[u] += vexp(x - top[u]);
      if (sums) all[u] += x;
    }
  }
  for (int u = 0; u < vectors; u++) {
    put(peak + u * LANES, top[u], left);
    put(total + u * LANES, acc[u], left);
    if (sums) put(sums + u * LANES, all[u], left);
  }
}

static void softmax_part(int64_t first, int64_t classes, int64_t n, const float *z,
                         ptrdiff_t stride, const int32_t *targets, float *chosen, float *peak,
                         float *total, float *sums) {
  int64_t t = 0;
  for (; t + SOFTMAX_STRIP * LANES <= n; t += SOFTMAX_STRIP * LANES) {
    softmax_strip(SOFTMAX_STRIP, classes, LANES, z + t, stride, peak + t, total + t,
                  sums ? sums + t : 0);
  }
  for (; t < n; t += LANES) {
    softmax_strip(1, classes, n - t, z + t, stride, peak + t, total + t, sums ? sums + t : 0);
  }
  for (t = 0; t < n; t++) {
    int64_t v = targets[t] - first;
    if (v >= 0 && v < classes) chosen[t] = z[v * stride + t];
  }
}

static void cross_entropy(int64_t parts, int64_t classes, int64_t n, int64_t begin, int64_t end,
                          const float *peaks, const float *totals, const float *sums,
                          kaji_loss terms, kaji_tokens tokens, float *losses) {
  for (int64_t t = begin; t < end; t += LANES) {
    int64_t left = end - t;
    vec top = take(peaks + t, left), total = splat(0), all = splat(0);
    for (int64_t p = 1; p < parts; p++) {
      vec x = take(peaks + p * n + t, left);
      top = x > top ? x : top;
    }
    for (int64_t p = 0; p < parts; p++) {
      total += take(totals + p * n + t, left) * vexp(take(peaks + p * n + t, left) - top);
      if (sums) all += take(sums + p * n + t, left);
    }
    vec e = vexp(take(tokens.chosen + t, left) - top);
    for (int64_t i = 0; i < LANES && i < left; i++) {
      bool counts = tokens.targets[t + i] >= 0;
      float scale = counts ? tokens.scales[t + i] : 0, l = top[i] + __builtin_logf(total[i]);
      float z = tokens.chosen[t + i];
      if (sums) z += terms.smoothing * (all[i] / (float)classes - z);
      losses[t + i] = counts ? l - z + terms.z * l * l : 0;
      float factor = scale * (1 + 2 * terms.z * l) / total[i];
      float even = scale * terms.smoothing / (float)classes;
      tokens.peak[t + i] = top[i];
      tokens.factor[t + i] = scale == 0 ? 0 : factor;
      tokens.even[t + i] = even;
      tokens.correct[t + i] =
          scale == 0 ? 0 : e[i] * factor - even - scale * (1 - terms.smoothing);
    }
  }
}

/// Rows of the gradient, floats or halves.
#define SOFTMAX_GRADIENT(E) \
  E *row = out; \
  for (int64_t v = 0; v < classes; v++, z += stride, row += n) { \
    for (int64_t t = 0; t < n; t += LANES) { \
      int64_t left = n - t; \
      vec factor = take(tokens.factor + t, left); \
      vec p = vexp(take(z + t, left) - take(tokens.peak + t, left)) * factor; \
      put(row + t, (factor != 0 ? p : splat(0)) - take(tokens.even + t, left), left); \
    } \
  } \
  for (int64_t t = 0; t < n; t++) { \
    int64_t v = tokens.targets[t] - first; \
    if (v >= 0 && v < classes) set((E *)out + v * n + t, tokens.correct[t]); \
  }

static void cross_entropy_gradient(int64_t first, int64_t classes, int64_t n, const float *z,
                                   ptrdiff_t stride, kaji_tokens tokens, void *out, bool narrow) {
  if (narrow) {
    SOFTMAX_GRADIENT(half)
  } else {
    SOFTMAX_GRADIENT(float)
  }
}
