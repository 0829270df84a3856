// Softmax and cross-entropy of one row of logits.

/// z = factor·z − even, but `chosen` at the target; as halves from the beginning of the row on if `narrow`.
INLINE void scale_row(int64_t width, float *z, float factor, float even, int64_t target,
                      float chosen, bool narrow) {
  half *short_z = (half *)z;
  for (int64_t i = 0; i < width; i += LANES) {
    int64_t left = width - i;
    vec d = take(z + i, left) * factor - even;
    // What is written never lies beyond what has been read.
    if (narrow) {
      put(short_z + i, d, left);
    } else {
      put(z + i, d, left);
    }
  }
  if (narrow) {
    set(short_z + target, chosen);
  } else {
    z[target] = chosen;
  }
}

static float cross_entropy(int64_t width, float *z, int64_t target, float scale, kaji_loss terms,
                           bool differentiate, bool narrow) {
  int64_t whole = width - width % LANES;
  vec peaks = splat(z[0]);
  for (int64_t i = 0; i < whole; i += LANES) {
    vec x = load(z + i);
    peaks = x > peaks ? x : peaks;
  }
  float peak = peaks[0];
  for (int i = 1; i < LANES; i++) peak = peaks[i] > peak ? peaks[i] : peak;
  for (int64_t i = whole; i < width; i++) peak = z[i] > peak ? z[i] : peak;

  float chosen = z[target];
  if (terms.smoothing != 0) {
    vec sums = splat(0);
    for (int64_t i = 0; i < whole; i += LANES) sums += load(z + i);
    float all = sum(sums);
    for (int64_t i = whole; i < width; i++) all += z[i];
    chosen += terms.smoothing * (all / (float)width - chosen);
  }
  vec acc = splat(0);
  for (int64_t i = 0; i < whole; i += LANES) {
    vec e = vexp(load(z + i) - peak);
    if (differentiate) store(z + i, e);
    acc += e;
  }
  float total = sum(acc);
  if (whole < width) {
    int64_t left = width - whole;
    vec e = vexp(load_part(z + whole, left) - peak);
    for (int64_t i = 0; i < left; i++) total += e[i];
    if (differentiate) store_part(z + whole, e, left);
  }
  float l = peak + __builtin_logf(total);
  if (differentiate) {
    float factor = scale * (1 + 2 * terms.z * l) / total;
    float even = scale * terms.smoothing / (float)width;
    float correct = z[target] * factor - even - scale * (1 - terms.smoothing);
    if (narrow) {
      scale_row(width, z, factor, even, target, correct, true);
    } else {
      scale_row(width, z, factor, even, target, correct, false);
    }
  }
  return l - chosen + terms.z * l * l;
}
