// Attention over E in tiles of 64 queries by 64 keys: no row of scores outlives its tile.
//
// Scores are kept transposed, [key][query], so that the lanes of a vector are queries: maxima and sums
// over keys need no horizontal step, and a query's result does not depend on its neighbours.
//
// If `paired`, all products are of bf16, two neighbours along the sum in a lane: what is stored as bf16 is taken as it
// is, softmax and gradients of scores are rounded. All sums are fp32.

/// Whether heads can be read as pairs.
INLINE bool FORM(can_pair)(int64_t d, ptrdiff_t strides) {
  return HALF_DOT && sizeof(E) == sizeof(half) && d % LANES == 0 && strides % 2 == 0;
}

/// Rows of a head as the left-hand side of the product that makes scores.
INLINE tile FORM(score_side)(bool paired, int64_t rows, int64_t d, const E *x, ptrdiff_t stride,
                             float *room) {
  return paired ? (tile){(float *)x, stride / 2} : plain(rows, d, x, stride, room);
}

/// The same rows, transposed, as its right-hand side.
INLINE void FORM(transpose_side)(bool paired, int64_t rows, int64_t d, const E *x,
                                 ptrdiff_t stride, float *out) {
  if (paired) {
    transpose_tile(rows, d / 2, (const float *)x, stride / 2, out);
  } else {
    transpose_tile(rows, d, x, stride, out);
  }
}

/// Rows of a head as the right-hand side of a product that sums over them.
INLINE tile FORM(sum_side)(bool paired, int64_t rows, int64_t d, const E *x, ptrdiff_t stride,
                           float *room) {
  if (!paired) return plain(rows, d, x, stride, room);
  pair_halves(rows, d, (const half *)x, stride, room);
  return (tile){room, d};
}

INLINE void FORM(attend)(bool paired, kaji_attention_shape shape, int32_t queries,
                         int64_t first_key_count, kaji_heads q, kaji_heads k, kaji_heads v,
                         kaji_heads o, float *lse, ptrdiff_t lse_stride) {
  const int64_t d = shape.head_size, depth = paired ? d / 2 : d;
  const int64_t keys = shape.full ? first_key_count : first_key_count + queries - 1;
  const int vectors = (queries + LANES - 1) / LANES, lanes = vectors * LANES;
  float qt[LARGEST_HEAD * TILE], scores[TILE * TILE], peak[TILE], total[TILE], rescale[TILE];
  float key_room[LARGEST_HEAD * TILE], value_room[LARGEST_HEAD * TILE], room[LARGEST_HEAD * TILE];
  const E *kb = k.base, *vb = v.base;
  for (int32_t h = 0; h < shape.group; h++) {
    E *oh = (E *)o.base + h * d;
    tile out = room_for(oh, o.stride, d, room);
    FORM(transpose_side)(paired, queries, d, (const E *)q.base + h * d, q.stride, qt);
    for (int64_t key = 0; key < keys; key += TILE) {
      int64_t count = keys - key < TILE ? keys - key : TILE;
      tile kt = FORM(score_side)(paired, count, d, kb + key * k.stride, k.stride, key_room);
      small_product(paired, count, lanes, depth, kt.base, kt.stride, 1, qt, TILE, scores, TILE,
                    false);
      softmax_tile(vectors, count, first_key_count - key, shape.full, key == 0, shape.scale,
                   scores, peak, total, rescale);
      if (key > 0) {
        for (int32_t i = 0; i < queries; i++) {
          for (int64_t c = 0; c < d; c++) out.base[i * out.stride + c] *= rescale[i];
        }
      }
      tile vt = FORM(sum_side)(paired, count, d, vb + key * v.stride, v.stride, value_room);
      if (paired) pair_floats(count, lanes, scores, scores);
      small_product(paired, queries, d, paired ? (count + 1) / 2 : count, scores, 1, TILE, vt.base,
                    vt.stride, out.base, out.stride, key > 0);
    }
    for (int32_t i = 0; i < queries; i++) {
      float scale = 1.0f / total[i];
      for (int64_t c = 0; c < d; c++) out.base[i * out.stride + c] *= scale;
      if (lse) lse[i * lse_stride + h] = peak[i] + __builtin_logf(total[i]);
    }
    keep(queries, d, out, oh, o.stride);
  }
}

static void FORM(attention_tile)(kaji_attention_shape shape, int32_t queries,
                                 int64_t first_key_count, kaji_heads q, kaji_heads k,
                                 kaji_heads v, kaji_heads o, float *lse, ptrdiff_t lse_stride) {
  if (FORM(can_pair)(shape.head_size, q.stride | k.stride | v.stride)) {
    FORM(attend)(true, shape, queries, first_key_count, q, k, v, o, lse, lse_stride);
  } else {
    FORM(attend)(false, shape, queries, first_key_count, q, k, v, o, lse, lse_stride);
  }
}

INLINE void FORM(differentiate)(bool paired, kaji_attention_shape shape, int64_t rows, kaji_heads q,
                                kaji_heads k, kaji_heads v, kaji_heads o, kaji_heads d_o,
                                const float *lse, ptrdiff_t lse_stride, kaji_heads dq,
                                kaji_heads dk, kaji_heads dv) {
  const int64_t d = shape.head_size, depth = paired ? d / 2 : d;
  float qt[LARGEST_HEAD * TILE], dot_t[LARGEST_HEAD * TILE];
  float p[TILE * TILE], ds[TILE * TILE], level[TILE], correction[TILE];
  float left[TILE * TILE / 2];
  float rooms[6][LARGEST_HEAD * TILE];
  const E *kb = k.base, *vb = v.base;
  for (int32_t h = 0; h < shape.group; h++) {
    for (int64_t t = 0; t < rows; t += TILE) {
      int64_t queries = rows - t < TILE ? rows - t : TILE;
      int64_t lanes = (queries + LANES - 1) / LANES * LANES;
      const int64_t query_depth = paired ? (queries + 1) / 2 : queries;
      const E *qs = (const E *)q.base + t * q.stride + h * d;
      const E *dos = (const E *)d_o.base + t * d_o.stride + h * d;
      const E *oi = (const E *)o.base + t * o.stride + h * d;
      E *dqs = (E *)dq.base + t * dq.stride + h * d;
      tile qi = FORM(sum_side)(paired, queries, d, qs, q.stride, rooms[0]);
      tile doi = FORM(sum_side)(paired, queries, d, dos, d_o.stride, rooms[1]);
      tile dqi = room_for(dqs, dq.stride, d, rooms[2]);
      FORM(transpose_side)(paired, queries, d, qs, q.stride, qt);
      FORM(transpose_side)(paired, queries, d, dos, d_o.stride, dot_t);
      for (int64_t i = 0; i < TILE; i++) {
        level[i] = i < queries ? lse[(t + i) * lse_stride + h] : 0;
        vec sums = splat(0);
        for (int64_t c = 0; i < queries && c < d; c += LANES) {
          sums += take(dos + i * d_o.stride + c, d - c) * take(oi + i * o.stride + c, d - c);
        }
        correction[i] = sum(sums);
      }
      const int64_t keys = shape.full ? rows : t + queries;
      for (int64_t key = 0; key < keys; key += TILE) {
        int64_t count = keys - key < TILE ? keys - key : TILE;
        const E *ks = kb + key * k.stride;
        tile kj = FORM(score_side)(paired, count, d, ks, k.stride, rooms[3]);
        tile vj = FORM(score_side)(paired, count, d, vb + key * v.stride, v.stride, rooms[4]);
        small_product(paired, count, lanes, depth, kj.base, kj.stride, 1, qt, TILE, p, TILE,
                      false);
        small_product(paired, count, lanes, depth, vj.base, vj.stride, 1, dot_t, TILE, ds, TILE,
                      false);
        softmax_tile_gradient(queries, count, t + 1 - key, shape.full, shape.scale, level,
                              correction, p, ds);
        // A key's first query is met in its own tile, or in the first; before it nothing has been written there.
        bool first = h == 0 && (shape.full ? t == 0 : key == t);
        float *dkj = (float *)dk.base + key * dk.stride, *dvj = (float *)dv.base + key * dv.stride;
        tile pj = {p, TILE}, dj = {ds, TILE}, kt = kj;
        if (paired) {
          narrow_rows(count, lanes, p, left);
          pj = (tile){left, TILE / 2};
        }
        small_product(paired, count, d, query_depth, pj.base, pj.stride, 1, doi.base, doi.stride,
                      dvj, dv.stride, !first);
        if (paired) {
          narrow_rows(count, lanes, ds, left);
          dj = (tile){left, TILE / 2};
        }
        small_product(paired, count, d, query_depth, dj.base, dj.stride, 1, qi.base, qi.stride,
                      dkj, dk.stride, !first);
        if (paired) {
          pair_floats(count, lanes, ds, ds);
          kt = FORM(sum_side)(true, count, d, ks, k.stride, rooms[5]);
        }
        small_product(paired, queries, d, paired ? (count + 1) / 2 : count, ds, 1, TILE, kt.base,
                      kt.stride, dqi.base, dqi.stride, key > 0);
      }
      keep(queries, d, dqi, dqs, dq.stride);
    }
  }
}

static void FORM(attention_document)(kaji_attention_shape shape, int64_t rows, kaji_heads q,
                                     kaji_heads k, kaji_heads v, kaji_heads o, kaji_heads d_o,
                                     const float *lse, ptrdiff_t lse_stride, kaji_heads dq,
                                     kaji_heads dk, kaji_heads dv) {
  if (FORM(can_pair)(shape.head_size, q.stride | k.stride | v.stride | d_o.stride)) {
    FORM(differentiate)(true, shape, rows, q, k, v, o, d_o, lse, lse_stride, dq, dk, dv);
  } else {
    FORM(differentiate)(false, shape, rows, q, k, v, o, d_o, lse, lse_stride, dq, dk, dv);
  }
}
