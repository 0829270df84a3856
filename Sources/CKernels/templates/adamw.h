// The optimiser's pass over flat memory.

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

static void adamw(int64_t n, kaji_adamw s, float *w, float *g, float *m, float *v) {
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
