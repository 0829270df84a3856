// The optimisers' passes over flat memory. The formulas stand in Tensors/Optimisers.

static double sum_of_squares(int64_t n, const float *x) {
  dvec acc = (dvec)(0.0);
  int64_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    dvec d = __builtin_convertvector(load(x + i), dvec);
    acc += d * d;
  }
  double lane[LANES];
  __builtin_memcpy(lane, &acc, sizeof lane);
  double total = 0;
  for (int j = 0; j < LANES; j++) total += lane[j];
  for (; i < n; i++) total += (double)x[i] * x[i];
  return total;
}

INLINE vec take(const float *p, int64_t n) { return n >= LANES ? load(p) : load_part(p, n); }
INLINE void put(float *p, vec v, int64_t n) {
  if (n >= LANES) {
    store(p, v);
  } else {
    store_part(p, v, n);
  }
}

static void adamw(int64_t n, kaji_update s, float *w, float *g, float *m, float *v) {
  const float back1 = 1.0f / s.correction1, back2 = 1.0f / s.correction2;
  const float keep1 = 1.0f - s.beta1, keep2 = 1.0f - s.beta2;
  for (int64_t i = 0; i < n; i += LANES) {
    int64_t left = n - i;
    vec d = take(g + i, left) * s.factor, old = take(w + i, left);
    vec mean = s.beta1 * take(m + i, left) + keep1 * d;
    vec square = s.beta2 * take(v + i, left) + keep2 * (d * d);
    vec direction = (mean * back1) / (__builtin_elementwise_sqrt(square * back2) + s.epsilon);
    put(w + i, old - s.learning_rate * (direction + s.weight_decay * old), left);
    put(m + i, mean, left);
    put(v + i, square, left);
    put(g + i, splat(0), left);
  }
}

static void lion(int64_t n, kaji_update s, float *restrict w, float *restrict g,
                 float *restrict m) {
  for (int64_t i = 0; i < n; i++) {
    float d = g[i] * s.factor;
    float look = s.beta1 * m[i] + (1.0f - s.beta1) * d;
    float direction = look > 0 ? 1.0f : look < 0 ? -1.0f : 0.0f;
    w[i] -= s.learning_rate * (direction + s.weight_decay * w[i]);
    m[i] = s.beta2 * m[i] + (1.0f - s.beta2) * d;
    g[i] = 0;
  }
}

static void sgd(int64_t n, kaji_update s, float *restrict w, float *restrict g,
                float *restrict m) {
  for (int64_t i = 0; i < n; i++) {
    m[i] = s.momentum * m[i] + g[i] * s.factor;
    w[i] -= s.learning_rate * (m[i] + s.weight_decay * w[i]);
    g[i] = 0;
  }
}

static void momentum(int64_t n, kaji_update s, float *restrict g, float *restrict m,
                     float *restrict look) {
  for (int64_t i = 0; i < n; i++) {
    float d = g[i] * s.factor;
    m[i] = s.momentum * m[i] + d;
    look[i] = d + s.momentum * m[i];
    g[i] = 0;
  }
}

static void combine(int64_t n, float a, const float *x, float b, const float *y, float *z) {
  for (int64_t i = 0; i < n; i++) z[i] = a * x[i] + b * y[i];
}
