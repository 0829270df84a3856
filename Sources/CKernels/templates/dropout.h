// Dropout by Philox4x32-10 (Salmon et al., 2011), the generator of Base's CounterRandom.

/// x[e] becomes 0 where the random word of element e is below `threshold`, else scale·x[e].
/// Element e takes word e mod 4 of block ⌊e / 4⌋; `begin` is a multiple of 4.
static void dropout(int64_t begin, int64_t end, uint32_t key0, uint32_t key1, uint64_t step,
                    uint32_t threshold, float scale, float *x) {
  for (int64_t e = begin; e < end; e += 4 * LANES) {
    uint32_t w[4][LANES];
    for (int i = 0; i < LANES; i++) {
      uint64_t block = (uint64_t)(e / 4 + i);
      uint32_t c0 = (uint32_t)block, c1 = (uint32_t)(block >> 32);
      uint32_t c2 = (uint32_t)step, c3 = (uint32_t)(step >> 32), k0 = key0, k1 = key1;
      for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0, p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
      }
      w[0][i] = c0, w[1][i] = c1, w[2][i] = c2, w[3][i] = c3;
    }
    for (int i = 0; i < LANES; i++) {
      for (int word = 0; word < 4; word++) {
        int64_t place = e + 4 * i + word;
        if (place < end) x[place] = w[word][i] < threshold ? 0 : x[place] * scale;
      }
    }
  }
}
