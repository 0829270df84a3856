// Attention over E in tiles of 64 queries by 64 keys: no row of scores outlives its tile.
//
// Scores are kept transposed, [key][query], so that the lanes of a vector are queries: maxima and sums
// over keys need no horizontal step, and a query's result does not depend on its neighbours.

static void FORM(attention_tile)(kaji_attention_shape shape, int32_t queries,
                                 int64_t first_key_count, kaji_heads q, kaji_heads k,
                                 kaji_heads v, kaji_heads o, float *lse, ptrdiff_t lse_stride) {
  const int64_t d = shape.head_size;
  const int64_t keys = shape.full ? first_key_count : first_key_count + queries - 1;
  const int vectors = (queries + LANES - 1) / LANES, lanes = vectors * LANES;
  float qt[LARGEST_HEAD * TILE], scores[TILE * TILE], peak[TILE], total[TILE], rescale[TILE];
  float key_room[LARGEST_HEAD * TILE], value_room[LARGEST_HEAD * TILE], room[LARGEST_HEAD * TILE];
  const E *kb = k.base, *vb = v.base;
  for (int32_t h = 0; h < shape.group; h++) {
    E *oh = (E *)o.base + h * d;
    tile out = room_for(oh, o.stride, d, room);
    transpose_tile(queries, d, (const E *)q.base + h * d, q.stride, qt);
    for (int64_t key = 0; key < keys; key += TILE) {
      int64_t count = keys - key < TILE ? keys - key : TILE;
      tile kt = plain(count, d, kb + key * k.stride, k.stride, key_room);
      small_product(count, lanes, d, kt.base, kt.stride, 1, qt, TILE, scores, TILE, false);
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
          for (int64_t c = 0; c < d; c++) out.base[i * out.stride + c] *= rescale[i];
        }
      }
      tile vt = plain(count, d, vb + key * v.stride, v.stride, value_room);
      small_product(queries, d, count, scores, 1, TILE, vt.base, vt.stride, out.base, out.stride,
                    key > 0);
    }
    for (int32_t i = 0; i < queries; i++) {
      float scale = 1.0f / total[i];
      for (int64_t c = 0; c < d; c++) out.base[i * out.stride + c] *= scale;
      if (lse) lse[i * lse_stride + h] = peak[i] + __builtin_logf(total[i]);
    }
    keep(queries, d, out, oh, o.stride);
  }
}

static void FORM(attention_document)(kaji_attention_shape shape, int64_t rows, kaji_heads q,
                                     kaji_heads k, kaji_heads v, kaji_heads o, kaji_heads d_o,
                                     const float *lse, ptrdiff_t lse_stride, kaji_heads dq,
                                     kaji_heads dk, kaji_heads dv) {
  const int64_t d = shape.head_size;
  float qt[LARGEST_HEAD * TILE], dot_t[LARGEST_HEAD * TILE];
  float p[TILE * TILE], ds[TILE * TILE], level[TILE], correction[TILE];
  float rooms[5][LARGEST_HEAD * TILE];
  const E *kb = k.base, *vb = v.base;
  for (int32_t h = 0; h < shape.group; h++) {
    for (int64_t t = 0; t < rows; t += TILE) {
      int64_t queries = rows - t < TILE ? rows - t : TILE;
      int64_t vectors = (queries + LANES - 1) / LANES, lanes = vectors * LANES;
      const E *qs = (const E *)q.base + t * q.stride + h * d;
      const E *dos = (const E *)d_o.base + t * d_o.stride + h * d;
      const E *oi = (const E *)o.base + t * o.stride + h * d;
      E *dqs = (E *)dq.base + t * dq.stride + h * d;
      tile qi = plain(queries, d, qs, q.stride, rooms[0]);
      tile doi = plain(queries, d, dos, d_o.stride, rooms[1]);
      tile dqi = room_for(dqs, dq.stride, d, rooms[2]);
      transpose_tile(queries, d, qs, q.stride, qt);
      transpose_tile(queries, d, dos, d_o.stride, dot_t);
      for (int64_t i = 0; i < TILE; i++) {
        level[i] = i < queries ? lse[(t + i) * lse_stride + h] : 0;
        float total = 0;
        for (int64_t c = 0; i < queries && c < d; c++) {
          total += doi.base[i * doi.stride + c] * get(oi + i * o.stride + c);
        }
        correction[i] = total;
      }
      const int64_t keys = shape.full ? rows : t + queries;
      for (int64_t key = 0; key < keys; key += TILE) {
        int64_t count = keys - key < TILE ? keys - key : TILE;
        tile kj = plain(count, d, kb + key * k.stride, k.stride, rooms[3]);
        tile vj = plain(count, d, vb + key * v.stride, v.stride, rooms[4]);
        small_product(count, lanes, d, kj.base, kj.stride, 1, qt, TILE, p, TILE, false);
        small_product(count, lanes, d, vj.base, vj.stride, 1, dot_t, TILE, ds, TILE, false);
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
        float *dkj = (float *)dk.base + key * dk.stride, *dvj = (float *)dv.base + key * dv.stride;
        small_product(count, d, queries, p, TILE, 1, doi.base, doi.stride, dvj, dv.stride, !first);
        small_product(count, d, queries, ds, TILE, 1, qi.base, qi.stride, dkj, dk.stride, !first);
        small_product(queries, d, count, ds, 1, TILE, kj.base, kj.stride, dqi.base, dqi.stride,
                      key > 0);
      }
      keep(queries, d, dqi, dqs, dq.stride);
    }
  }
}
