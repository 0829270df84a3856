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

static void adamw(int64_t n, kaji_update s, float *restrict w, float *restrict g,
                  float *restrict m, float *restrict v) {
  float back1 = 1.0f / s.correction1, back2 = 1.0f / s.correction2;
  float keep1 = 1.0f - s.beta1, keep2 = 1.0f - s.beta2;
  for (int64_t i = 0; i < n; i++) {
    float d = g[i] * s.factor;
    float mean = s.beta1 * m[i] + keep1 * d;
    float square = s.beta2 * v[i] + keep2 * (d * d);
    float direction = (mean * back1) / (__builtin_sqrtf(square * back2) + s.epsilon);
    w[i] -= s.learning_rate * (direction + s.weight_decay * w[i]);
    m[i] = mean;
    v[i] = square;
    g[i] = 0;
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
