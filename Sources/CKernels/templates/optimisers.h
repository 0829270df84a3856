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

/// The weights [first, first + n) as floats; n is at most LANES.
INLINE vec weights_at(kaji_weights w, int64_t first, int64_t n) {
  if (!w.half_base) return take(w.base + first, n);
  const half *upper = (const half *)w.half_base + first;
  if (!w.rest) return take(upper, n);
  uvec bits = (uvec)(0);
  if (n >= LANES) {
    ivec lower = __builtin_convertvector(
        (shvec)((const loose_half *)((const half *)w.rest + first))->v, ivec);
    bits = (words(upper) << 16) + (uvec)lower;
  } else {
    for (int64_t i = 0; i < n; i++) {
      bits[i] = ((uint32_t)upper[i] << 16) + (uint32_t)(int32_t)w.rest[first + i];
    }
  }
  return as_vec(bits);
}

/// Random words for some vectors of weights.
typedef struct dice {
  uint32_t words[4 * LANES];
  int64_t begin;
} dice;

/// Puts weights back, vector after vector from 0 on. What is kept beside its rest is rounded half up, so that the rest
/// fits 16 bits; what has none, up with the probability that makes the mean right.
INLINE void set_weights(kaji_weights w, dice *d, int64_t first, vec x, int64_t n) {
  if (!w.half_base) return put(w.base + first, x, n);
  half *upper = (half *)w.half_base + first;
  union { vec f; uvec u; } bits = {.f = x};
  uvec up = bits.u + 0x8000;
  if (!w.rest) {
    int64_t place = w.place + first;
    if (first / LANES % 3 == 0) {
      d->begin = place & ~(int64_t)3;
      random_words(w.random, d->begin, d->words);
    }
    union { vec f; uvec u; } random = {.f = load((const float *)d->words + place - d->begin)};
    up = bits.u + (random.u & 0xFFFF);
    // Not beyond the largest number.
    up = (ivec)(up & 0x7F800000) == 0x7F800000 ? bits.u : up;
  }
  hvec uppers = __builtin_convertvector(up >> 16, hvec);
  hvec lowers = __builtin_convertvector(bits.u & 0xFFFF, hvec);
  if (n >= LANES) {
    ((loose_half *)upper)->v = uppers;
    if (w.rest) ((loose_half *)((half *)w.rest + first))->v = lowers;
    return;
  }
  for (int64_t i = 0; i < n; i++) {
    upper[i] = uppers[i];
    if (w.rest) w.rest[first + i] = (int16_t)lowers[i];
  }
}

static void read_weights(int64_t n, kaji_weights w, float *x) {
  for (int64_t i = 0; i < n; i += LANES) put(x + i, weights_at(w, i, n - i), n - i);
}

static void write_weights(int64_t n, kaji_weights w, const float *x) {
  dice d;
  for (int64_t i = 0; i < n; i += LANES) set_weights(w, &d, i, take(x + i, n - i), n - i);
}

static void adamw(int64_t n, kaji_update s, kaji_weights w, float *g, float *m, float *v) {
  dice random;
  const float back1 = 1.0f / s.correction1, back2 = 1.0f / s.correction2;
  const float keep1 = 1.0f - s.beta1, keep2 = 1.0f - s.beta2;
  for (int64_t i = 0; i < n; i += LANES) {
    int64_t left = n - i;
    vec d = take(g + i, left) * s.factor, old = weights_at(w, i, left);
    vec mean = s.beta1 * take(m + i, left) + keep1 * d;
    vec square = s.beta2 * take(v + i, left) + keep2 * (d * d);
    vec direction = (mean * back1) / (__builtin_elementwise_sqrt(square * back2) + s.epsilon);
    set_weights(w, &random, i, old - s.learning_rate * (direction + s.weight_decay * old), left);
    put(m + i, mean, left);
    put(v + i, square, left);
    put(g + i, splat(0), left);
  }
}

static void lion(int64_t n, kaji_update s, kaji_weights w, float *g, float *m) {
  dice random;
  for (int64_t i = 0; i < n; i += LANES) {
    int64_t left = n - i;
    vec d = take(g + i, left) * s.factor, old = weights_at(w, i, left), mean = take(m + i, left);
    vec look = s.beta1 * mean + (1.0f - s.beta1) * d;
    vec direction = look > 0 ? splat(1) : look < 0 ? splat(-1) : splat(0);
    set_weights(w, &random, i, old - s.learning_rate * (direction + s.weight_decay * old), left);
    put(m + i, s.beta2 * mean + (1.0f - s.beta2) * d, left);
    put(g + i, splat(0), left);
  }
}

static void sgd(int64_t n, kaji_update s, kaji_weights w, float *g, float *m) {
  dice random;
  for (int64_t i = 0; i < n; i += LANES) {
    int64_t left = n - i;
    vec old = weights_at(w, i, left);
    vec mean = s.momentum * take(m + i, left) + take(g + i, left) * s.factor;
    set_weights(w, &random, i, old - s.learning_rate * (mean + s.weight_decay * old), left);
    put(m + i, mean, left);
    put(g + i, splat(0), left);
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
