// Eight rows of eight numbers to eight columns.

typedef float eight __attribute__((ext_vector_type(8)));
typedef struct { eight v; } __attribute__((packed, aligned(4), may_alias)) loose_eight;
typedef uint16_t eight_words __attribute__((ext_vector_type(8)));
typedef uint32_t eight_bits __attribute__((ext_vector_type(8)));
typedef struct { eight_words v; } __attribute__((packed, aligned(2), may_alias)) loose_eight_half;

OVERLOADED void load_eight(const float *p, eight *v) { *v = ((const loose_eight *)p)->v; }
OVERLOADED void load_eight(const half *p, eight *v) {
  union { eight_bits u; eight f; } bits = {
    .u = __builtin_convertvector(((const loose_eight_half *)p)->v, eight_bits) << 16};
  *v = bits.f;
}

/// Column i of the rows r becomes row i of `to`, rows of PANEL.
INLINE void transpose_eight(const eight r[8], float *to) {
  eight pair[8], four[8];
  for (int i = 0; i < 8; i += 2) {
    pair[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    pair[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 8; i += 4) {
    for (int h = 0; h < 2; h++) {
      eight a = pair[i + h], b = pair[i + h + 2];
      four[i + 2 * h] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
      four[i + 2 * h + 1] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int i = 0; i < 4; i++) {
    eight low = __builtin_shufflevector(four[i], four[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    eight high = __builtin_shufflevector(four[i], four[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    ((loose_eight *)(to + i * PANEL))->v = low;
    ((loose_eight *)(to + (i + 4) * PANEL))->v = high;
  }
}
