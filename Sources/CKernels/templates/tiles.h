// Small matrices for attention: products in the first cache, tiles of floats or of halves.

#define TILE KAJI_ATTENTION_TILE
#define SMALL_ROWS (LANES == 16 ? 8 : LANES == 8 ? 6 : 4)

/// `rows` × `vectors` of C += A·B (C = A·B unless `accumulate`); A(i, l) = a[i * row + l * step].
/// If `paired`, the lanes of A and B are two bf16, neighbours along k.
INLINE void small_block(bool paired, int rows, int vectors, int64_t k, const float *a, ptrdiff_t row,
                        ptrdiff_t step, const float *b, ptrdiff_t b_stride, float *c,
                        ptrdiff_t c_stride, bool accumulate) {
  vec t[8][2];
  for (int i = 0; i < rows; i++) {
    for (int u = 0; u < vectors; u++) {
      t[i][u] = accumulate ? load(c + i * c_stride + u * LANES) : splat(0);
    }
  }
  for (int64_t l = 0; l < k; l++) {
    vec w[2];
    for (int u = 0; u < vectors; u++) w[u] = load(b + l * b_stride + u * LANES);
    for (int i = 0; i < rows; i++) {
      vec x = splat(a[i * row + l * step]);
      for (int u = 0; u < vectors; u++) {
        t[i][u] = paired ? add_pairs(t[i][u], x, w[u]) : x * w[u] + t[i][u];
      }
    }
  }
  for (int i = 0; i < rows; i++) {
    for (int u = 0; u < vectors; u++) store(c + i * c_stride + u * LANES, t[i][u]);
  }
}

/// C (+)= A·B for the m×k matrix A and the k×n matrix B, all small enough for the first cache. If `paired`, n is a
/// multiple of LANES.
INLINE void small_product(bool paired, int64_t m, int64_t n, int64_t k, const float *a, ptrdiff_t row,
                          ptrdiff_t step, const float *b, ptrdiff_t b_stride, float *c,
                          ptrdiff_t c_stride, bool accumulate) {
  for (int64_t i = 0; i < m; i += SMALL_ROWS) {
    const float *ai = a + i * row;
    float *ci = c + i * c_stride;
    int64_t j = 0;
    if (m - i >= SMALL_ROWS) {
      for (; j + 2 * LANES <= n; j += 2 * LANES) {
        small_block(paired, SMALL_ROWS, 2, k, ai, row, step, b + j, b_stride, ci + j, c_stride,
                    accumulate);
      }
      for (; j + LANES <= n; j += LANES) {
        small_block(paired, SMALL_ROWS, 1, k, ai, row, step, b + j, b_stride, ci + j, c_stride,
                    accumulate);
      }
    } else {
      for (; j + LANES <= n; j += LANES) {
        for (int64_t r = 0; r < m - i; r++) {
          small_block(paired, 1, 1, k, ai + r * row, row, step, b + j, b_stride,
                      ci + r * c_stride + j, c_stride, accumulate);
        }
      }
    }
    int64_t end = m - i < SMALL_ROWS ? m : i + SMALL_ROWS;
    for (; j < n; j++) {
      for (int64_t r = i; r < end; r++) {
        float t = accumulate ? c[r * c_stride + j] : 0;
        for (int64_t l = 0; l < k; l++) t = a[r * row + l * step] * b[l * b_stride + j] + t;
        c[r * c_stride + j] = t;
      }
    }
  }
}

/// The first `rows` rows of x as [d][TILE], zero beyond them.
OVERLOADED void transpose_tile(int64_t rows, int64_t d, const float *x, ptrdiff_t stride,
                               float *out) {
  for (int64_t i = 0; i < d; i++) {
    for (int64_t t = rows; t < TILE; t++) out[i * TILE + t] = 0;
  }
  for (int64_t t = 0; t < rows; t++) {
    for (int64_t i = 0; i < d; i++) out[i * TILE + t] = x[t * stride + i];
  }
}
OVERLOADED void transpose_tile(int64_t rows, int64_t d, const half *x, ptrdiff_t stride,
                               float *out) {
  for (int64_t i = 0; i < d; i++) {
    for (int64_t t = rows; t < TILE; t++) out[i * TILE + t] = 0;
  }
  for (int64_t t = 0; t < rows; t++) {
    for (int64_t i = 0; i < d; i++) out[i * TILE + t] = get(x + t * stride + i);
  }
}

/// Rows l of floats as bf16, two of them in each lane: (2l, 2l + 1) become row l. `to` may be x.
INLINE void pair_floats(int64_t rows, int64_t lanes, const float *x, float *to) {
  for (int64_t t = 0; t < rows; t += 2) {
    for (int64_t i = 0; i < lanes; i += LANES) {
      uvec high = t + 1 < rows ? rounded(load(x + (t + 1) * TILE + i)) : (uvec)(0);
      store(to + t / 2 * TILE + i, as_vec(rounded(load(x + t * TILE + i)) | high << 16));
    }
  }
}

/// The same of bf16 rows of d, a multiple of LANES.
INLINE void pair_halves(int64_t rows, int64_t d, const half *x, ptrdiff_t stride, float *to) {
  for (int64_t t = 0; t < rows; t += 2) {
    const half *low = x + t * stride;
    for (int64_t i = 0; i < d; i += LANES) {
      uvec high = t + 1 < rows ? words(low + stride + i) : (uvec)(0);
      store(to + t / 2 * d + i, as_vec(words(low + i) | high << 16));
    }
  }
}

/// Rows of TILE floats as bf16, neighbours of a row in one lane: TILE / 2 lanes a row.
INLINE void narrow_rows(int64_t rows, int64_t lanes, const float *x, float *to) {
  for (int64_t t = 0; t < rows; t++) {
    half *row = (half *)(to + t * (TILE / 2));
    for (int64_t i = 0; i < lanes; i += LANES) store(row + i, load(x + t * TILE + i));
  }
}

/// Rows of floats for small products: floats where they lie, halves widened into `room`.
typedef struct tile {
  float *base;
  ptrdiff_t stride;
} tile;

static void widen(int64_t n, const void *xs, float *y) {
  const half *x = xs;
  for (int64_t i = 0; i < n; i += LANES) put(y + i, take(x + i, n - i), n - i);
}

OVERLOADED tile plain(int64_t rows, int64_t d, const float *x, ptrdiff_t stride, float *room) {
  (void)rows, (void)d, (void)room;
  return (tile){(float *)x, stride};
}
OVERLOADED tile plain(int64_t rows, int64_t d, const half *x, ptrdiff_t stride, float *room) {
  for (int64_t t = 0; t < rows; t++) widen(d, x + t * stride, room + t * d);
  return (tile){room, d};
}

/// Where to make rows that become x.
OVERLOADED tile room_for(float *x, ptrdiff_t stride, int64_t d, float *room) {
  (void)d, (void)room;
  return (tile){x, stride};
}
OVERLOADED tile room_for(half *x, ptrdiff_t stride, int64_t d, float *room) {
  (void)x, (void)stride;
  return (tile){room, d};
}

/// Lets the rows made there become x.
OVERLOADED void keep(int64_t rows, int64_t d, tile from, float *x, ptrdiff_t stride) {
  (void)rows, (void)d, (void)from, (void)x, (void)stride;
}
OVERLOADED void keep(int64_t rows, int64_t d, tile from, half *x, ptrdiff_t stride) {
  for (int64_t t = 0; t < rows; t++) {
    for (int64_t i = 0; i < d; i += LANES) {
      put(x + t * stride + i, take(from.base + t * from.stride + i, d - i), d - i);
    }
  }
}

enum { LARGEST_HEAD = 256 };

/// The scores of a tile of keys become e^(score − largest so far); lane i of the queries sees the keys j with
/// j < seen + i, or all. `rescale` is what sums made before must be multiplied by.
INLINE void softmax_tile(int vectors, int64_t count, int64_t seen, bool full, bool first, float scale,
                         float *scores, float *peak, float *total, float *rescale) {
  for (int u = 0; u < vectors; u++) {
    ivec visible;
    for (int i = 0; i < LANES; i++) visible[i] = full ? TILE : (int32_t)(seen + u * LANES + i);
    vec top = first ? splat(-__builtin_inff()) : load(peak + u * LANES);
    vec old = top;
    for (int64_t j = 0; j < count; j++) {
      vec s = load(scores + j * TILE + u * LANES) * scale;
      s = visible > (int32_t)j ? s : splat(-__builtin_inff());
      store(scores + j * TILE + u * LANES, s);
      top = s > top ? s : top;
    }
    vec acc = splat(0);
    for (int64_t j = 0; j < count; j++) {
      vec e = vexp(load(scores + j * TILE + u * LANES) - top);
      store(scores + j * TILE + u * LANES, e);
      acc += e;
    }
    vec factor = vexp(old - top);
    vec before = first ? splat(0) : load(total + u * LANES);
    store(total + u * LANES, before * factor + acc);
    store(rescale + u * LANES, factor);
    store(peak + u * LANES, top);
  }
}

/// Scores p become softmax(p), their gradients ds those of what was softened. Queries from `queries` on get zeros.
INLINE void softmax_tile_gradient(int64_t queries, int64_t count, int64_t seen, bool full,
                                  float scale, const float *lse, const float *correction, float *p,
                                  float *ds) {
  for (int64_t u = 0; u * LANES < queries; u++) {
    vec l = load(lse + u * LANES), fix = load(correction + u * LANES);
    ivec visible;
    for (int i = 0; i < LANES; i++) {
      int64_t row = u * LANES + i;
      visible[i] = row < queries ? (full ? TILE : (int32_t)(seen + row)) : 0;
    }
    for (int64_t j = 0; j < count; j++) {
      float *pj = p + j * TILE + u * LANES, *dj = ds + j * TILE + u * LANES;
      vec e = vexp(load(pj) * scale - l);
      e = visible > (int32_t)j ? e : splat(0);
      store(pj, e);
      store(dj, e * (load(dj) - fix) * scale);
    }
  }
}
