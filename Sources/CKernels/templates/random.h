// Random words by Philox4x32-10 (Salmon et al., 2011), the generator of Base's CounterRandom.

/// The words of the elements from `first`, a multiple of 4, on: element e has word e mod 4 of block ⌊e / 4⌋.
INLINE void random_words(kaji_random random, int64_t first, uint32_t words[4 * LANES]) {
  for (int i = 0; i < LANES; i++) {
    uint64_t block = (uint64_t)(first / 4 + i);
    uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32);
    uint32_t c2 = (uint32_t)random.step, c3 = (uint32_t)(random.step >> 32);
    uint32_t k0 = random.key0, k1 = random.key1;
    for (int round = 0; round < 10; round++) {
      uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
      c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
      c1 = (uint32_t)p1;
      c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
      c3 = (uint32_t)p0;
      k0 += 0x9E3779B9u;
      k1 += 0xBB67AE85u;
    }
    words[4 * i] = c0, words[4 * i + 1] = c1, words[4 * i + 2] = c2, words[4 * i + 3] = c3;
  }
}
