// The sides of E of a product of halves, as lanes: two neighbours in k each with HALF_DOT, else one widened.

/// The panels of a side whose rows are k.
static void FORM(pack_rows)(const E *b, ptrdiff_t stride, int64_t k, int64_t n, int64_t begin,
                            int64_t end, float *packed) {
  const int64_t steps = (k + HALF_STEP - 1) / HALF_STEP;
  for (int64_t l0 = 0; l0 < steps; l0 += 16) {
    int64_t l1 = steps - l0 < 16 ? steps : l0 + 16;
    for (int64_t j = begin; j < end; j += PANEL) {
      float *target = packed + j * steps + l0 * PANEL;
      for (int64_t l = l0; l < l1; l++, target += PANEL) {
        const E *low = b + l * HALF_STEP * stride + j;
        const E *high = HALF_DOT && l * 2 + 1 < k ? low + stride : 0;
        for (int64_t c = 0; c < PANEL; c += LANES) {
          if (n - j >= PANEL) {
            uvec upper = high ? words(high + c) : (uvec)(0);
            store(target + c, lanes(words(low + c), upper));
          } else {
            for (int64_t e = c; e < c + LANES; e++) {
              bool inside = e < n - j;
              target[e] = as_float(
                  lane(inside ? word(low[e]) : 0, inside && high ? word(high[e]) : 0));
            }
          }
        }
      }
    }
  }
}

/// The panels of a side whose columns are k, through panels of floats.
static void FORM(pack_columns)(const E *b, ptrdiff_t stride, int64_t k, int64_t n, int64_t begin,
                               int64_t end, float *packed) {
  enum { DEPTH = 64 };
  float wide[DEPTH * PANEL];
  const int64_t steps = (k + HALF_STEP - 1) / HALF_STEP;
  for (int64_t j = begin; j < end; j += PANEL) {
    for (int64_t l0 = 0; l0 < k; l0 += DEPTH) {
      int64_t depth = k - l0 < DEPTH ? k - l0 : DEPTH;
      FORM(pack)(b + j * stride + l0, stride, true, depth, n - j, 0, PANEL, wide);
      if (depth % 2) memset(wide + depth * PANEL, 0, PANEL * sizeof(float));
      float *target = packed + j * steps + l0 / HALF_STEP * PANEL;
      for (int64_t l = 0; l < depth; l += HALF_STEP, target += PANEL) {
        for (int64_t c = 0; c < PANEL; c += LANES) {
          const float *low = wide + l * PANEL + c;
          store(target + c, lanes(words(low), HALF_DOT ? words(low + PANEL) : (uvec)(0)));
        }
      }
    }
  }
}

/// A row-major block of A: K_PITCH lanes a row.
INLINE void FORM(gather_rows)(int64_t m, int64_t depth, const E *a, ptrdiff_t stride, float *rows) {
  for (int64_t i = 0; i < m; i++, a += stride) {
    int64_t l = 0;
    if (HALF_DOT) {
      half *target = (half *)(rows + i * K_PITCH);
      for (; l + LANES <= depth; l += LANES) {
        ((loose_half *)(target + l))->v = __builtin_convertvector(words(a + l), hvec);
      }
      for (; l < depth; l++) target[l] = (half)word(a[l]);
      if (depth % 2) target[depth] = 0;
    } else {
      float *target = rows + i * K_PITCH;
      for (; l + LANES <= depth; l += LANES) store(target + l, lanes(words(a + l), (uvec)(0)));
      for (; l < depth; l++) target[l] = as_float(lane(word(a[l]), 0));
    }
  }
}

/// The same for a block of A whose columns are rows: groups of GEMM_ROWS, step after step.
INLINE void FORM(gather_columns)(int64_t m, int64_t depth, const E *a, ptrdiff_t stride,
                                 float *columns) {
  for (int64_t l = 0; l < depth; l += HALF_STEP) {
    const E *low = a + l * stride;
    const E *high = HALF_DOT && l + 1 < depth ? low + stride : 0;
    float *target = columns + l / HALF_STEP * GEMM_ROWS;
    for (int64_t i = 0; i < m; i += 64 / (int64_t)sizeof(E)) {
      __builtin_prefetch(low + 8 * stride + i);
    }
    float side[ROW_BLOCK];
    int64_t i = 0;
    for (; i + LANES <= m; i += LANES) {
      store(side + i, lanes(words(low + i), high ? words(high + i) : (uvec)(0)));
    }
    for (; i < m; i++) side[i] = as_float(lane(word(low[i]), high ? word(high[i]) : 0));
    for (i = 0; i < m; i += GEMM_ROWS) {
      int64_t count = m - i < GEMM_ROWS ? m - i : GEMM_ROWS;
      memcpy(target + i * K_PITCH, side + i, (size_t)count * sizeof(float));
    }
  }
}
