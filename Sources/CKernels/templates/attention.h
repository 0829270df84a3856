// Attention in tiles of 64 queries by 64 keys: no row of scores outlives its tile.
//
// Scores are kept transposed, [key][query], so that the lanes of a vector are queries: maxima and sums
// over keys need no horizontal step, and a query's result does not depend on its neighbours.

#define TILE KAJI_ATTENTION_TILE
#define SMALL_ROWS (LANES == 16 ? 8 : LANES == 8 ? 6 : 4)

/// `rows` × `vectors` of C += A·B (C = A·B unless `accumulate`); A(i, l) = a[i * row + l * step].
INLINE void small_block(int rows, int vectors, int64_t k, const float *a, ptrdiff_t row,
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
      for (int u = 0; u < vectors; u++) t[i][u] = x * w[u] + t[i][u];
    }
  }
  for (int i = 0; i < rows; i++) {
    for (int u = 0; u < vectors; u++) store(c + i * c_stride + u * LANES, t[i][u]);
  }
}

/// C (+)= A·B for the m×k matrix A and the k×n matrix B, all small enough for the first cache.
INLINE void small_product(int64_t m, int64_t n, int64_t k, const float *a, ptrdiff_t row,
                          ptrdiff_t step, const float *b, ptrdiff_t b_stride, float *c,
                          ptrdiff_t c_stride, bool accumulate) {
  for (int64_t i = 0; i < m; i += SMALL_ROWS) {
    const float *ai = a + i * row;
    float *ci = c + i * c_stride;
    int64_t j = 0;
    if (m - i >= SMALL_ROWS) {
      for (; j + 2 * LANES <= n; j += 2 * LANES) {
        small_block(SMALL_ROWS, 2, k, ai, row, step, b + j, b_stride, ci + j, c_stride,
                    accumulate);
      }
      for (; j + LANES <= n; j += LANES) {
        small_block(SMALL_ROWS, 1, k, ai, row, step, b + j, b_stride, ci + j, c_stride,
                    accumulate);
      }
    } else {
      for (; j + LANES <= n; j += LANES) {
        for (int64_t r = 0; r < m - i; r++) {
          small_block(1, 1, k, ai + r * row, row, step, b + j, b_stride, ci + r * c_stride + j,
                      c_stride, accumulate);
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
INLINE void transpose_tile(int64_t rows, int64_t d, const float *x, ptrdiff_t stride, float *out) {
  for (int64_t i = 0; i < d; i++) {
    for (int64_t t = rows; t < TILE; t++) out[i * TILE + t] = 0;
  }
  for (int64_t t = 0; t < rows; t++) {
    for (int64_t i = 0; i < d; i++) out[i * TILE + t] = x[t * stride + i];
  }
}

enum { LARGEST_HEAD = 256 };

static void attention_tile(kaji_attention_shape shape, int32_t queries, int64_t first_key_count,
                           kaji_heads q, kaji_heads k, kaji_heads v, kaji_heads o, float *lse,
                           ptrdiff_t lse_stride) {
  const int64_t d = shape.head_size;
  const int64_t keys = shape.full ? first_key_count : first_key_count + queries - 1;
  const int vectors = (queries + LANES - 1) / LANES, lanes = vectors * LANES;
  float qt[LARGEST_HEAD * TILE], scores[TILE * TILE], peak[TILE], total[TILE], rescale[TILE];
  for (int32_t h = 0; h < shape.group; h++) {
    float *out = o.base + h * d;
    transpose_tile(queries, d, q.base + h * d, q.stride, qt);
    for (int64_t key = 0; key < keys; key += TILE) {
      int64_t count = keys - key < TILE ? keys - key : TILE;
      small_product(count, lanes, d, k.base + key * k.stride, k.stride, 1, qt, TILE, scores, TILE,
                    false);
      // Lane i sees the keys j of this tile with key + j < first_key_count + i; if full, all.
      for (int u = 0; u < vectors; u++) {
        ivec visible;
        for (int i = 0; i < LANES; i++) {
          visible[i] = shape.full ? TILE : (int32_t)(first_key_count + u * LANES + i - key);
        }
        vec top = key == 0 ? splat(-__builtin_inff()) : load(peak + u * LANES);
        vec old = top;
        for (int64_t j = 0; j < count; j++) {
          vec s = load(scores + j * TILE + u * LANES) * shape.scale;
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
        vec before = key == 0 ? splat(0) : load(total + u * LANES);
        store(total + u * LANES, before * factor + acc);
        store(rescale + u * LANES, factor);
        store(peak + u * LANES, top);
      }
      if (key > 0) {
        for (int32_t i = 0; i < queries; i++) {
          for (int64_t c = 0; c < d; c++) out[i * o.stride + c] *= rescale[i];
        }
      }
      small_product(queries, d, count, scores, 1, TILE, v.base + key * v.stride, v.stride, out,
                    o.stride, key > 0);
    }
    for (int32_t i = 0; i < queries; i++) {
      float scale = 1.0f / total[i];
      for (int64_t c = 0; c < d; c++) out[i * o.stride + c] *= scale;
      if (lse) lse[i * lse_stride + h] = peak[i] + __builtin_logf(total[i]);
    }
  }
}

static void attention_document(kaji_attention_shape shape, int64_t rows, kaji_heads q,
                               kaji_heads k, kaji_heads v, kaji_heads o, kaji_heads d_o,
                               const float *lse, ptrdiff_t lse_stride, kaji_heads dq,
                               kaji_heads dk, kaji_heads dv) {
  const int64_t d = shape.head_size;
  float qt[LARGEST_HEAD * TILE], dot_t[LARGEST_HEAD * TILE];
  float p[TILE * TILE], ds[TILE * TILE], level[TILE], correction[TILE];
  for (int32_t h = 0; h < shape.group; h++) {
    for (int64_t t = 0; t < rows; t += TILE) {
      int64_t queries = rows - t < TILE ? rows - t : TILE;
      int64_t vectors = (queries + LANES - 1) / LANES, lanes = vectors * LANES;
      const float *qi = q.base + t * q.stride + h * d;
      const float *doi = d_o.base + t * d_o.stride + h * d;
      const float *oi = o.base + t * o.stride + h * d;
      float *dqi = dq.base + t * dq.stride + h * d;
      transpose_tile(queries, d, qi, q.stride, qt);
      transpose_tile(queries, d, doi, d_o.stride, dot_t);
      for (int64_t i = 0; i < TILE; i++) {
        level[i] = i < queries ? lse[(t + i) * lse_stride + h] : 0;
        float total = 0;
        for (int64_t c = 0; i < queries && c < d; c++) {
          total += doi[i * d_o.stride + c] * oi[i * o.stride + c];
        }
        correction[i] = total;
      }
      const int64_t keys = shape.full ? rows : t + queries;
      for (int64_t key = 0; key < keys; key += TILE) {
        int64_t count = keys - key < TILE ? keys - key : TILE;
        const float *kj = k.base + key * k.stride, *vj = v.base + key * v.stride;
        small_product(count, lanes, d, kj, k.stride, 1, qt, TILE, p, TILE, false);
        small_product(count, lanes, d, vj, v.stride, 1, dot_t, TILE, ds, TILE, false);
        for (int64_t u = 0; u < vectors; u++) {
          vec l = load(level + u * LANES), fix = load(correction + u * LANES);
          ivec visible;
          for (int i = 0; i < LANES; i++) {
            int64_t row = u * LANES + i;
            visible[i] = row < queries ? (shape.full ? TILE : (int32_t)(t + row + 1 - key)) : 0;
          }
          for (int64_t j = 0; j < count; j++) {
            float *pj = p + j * TILE + u * LANES, *dj = ds + j * TILE + u * LANES;
            vec e = vexp(load(pj) * shape.scale - l);
            e = visible > (int32_t)j ? e : splat(0);
            store(pj, e);
            store(dj, e * (load(dj) - fix) * shape.scale);
          }
        }
        // A key's first query is met in its own tile, or in the first; before it nothing has been written there.
        bool first = h == 0 && (shape.full ? t == 0 : key == t);
        float *dkj = dk.base + key * dk.stride, *dvj = dv.base + key * dv.stride;
        small_product(count, d, queries, p, TILE, 1, doi, d_o.stride, dvj, dv.stride, !first);
        small_product(count, d, queries, ds, TILE, 1, qi, q.stride, dkj, dk.stride, !first);
        small_product(queries, d, count, ds, 1, TILE, kj, k.stride, dqi, dq.stride, key > 0);
      }
    }
  }
}
