// Dropout of E, by the words of random.h.

/// x[e] becomes 0 where the random word of element e is below `threshold`, else scale·x[e].
/// `begin` is a multiple of 4.
static void FORM(dropout)(int64_t begin, int64_t end, kaji_random random, uint32_t threshold,
                          float scale, void *xs) {
  E *x = xs;
  for (int64_t e = begin; e < end; e += 4 * LANES) {
    uint32_t w[4 * LANES];
    random_words(random, e, w);
    int64_t count = end - e < 4 * LANES ? end - e : 4 * LANES;
    for (int64_t i = 0; i < count; i++) {
      set(x + e + i, w[i] < threshold ? 0 : get(x + e + i) * scale);
    }
  }
}
