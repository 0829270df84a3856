// Everything one level is made of. A level file defines LANES, GEMM_ROWS, GEMM_VECTORS and LEVEL, and HALF_DOT 1
// if it multiplies pairs of bf16. What is written for numbers of a type E is included once for floats and once for halves.
#include <string.h>

#include "../include/CKernels.h"
#ifndef HALF_DOT
#define HALF_DOT 0
#endif
#include "vector.h"
#include "gemm.h"
#include "transpose.h"
#include "random.h"
#include "tiles.h"

#define E float
#define FORM(name) name##_full
#include "pack.h"
#include "matvec.h"
#include "rows.h"
#include "attention.h"
#include "dropout.h"
#undef E
#undef FORM
#define E half
#define FORM(name) name##_half
#include "pack.h"
#include "matvec.h"
#include "rows.h"
#include "attention.h"
#include "dropout.h"
#undef E
#undef FORM

#include "half.h"
#include "loss.h"
#include "optimisers.h"

static void pack(kaji_matrix b, int64_t k, int64_t n, int64_t begin, int64_t end, float *packed) {
  pack_full(b.base, b.stride, b.transposed, k, n, begin, end, packed);
}

#define ROW_KERNELS(form) { \
  .matvec = matvec_##form, \
  .add = add_##form, \
  .add_full = add_full_##form, \
  .sum = sum_##form, \
  .rmsnorm = rmsnorm_##form, \
  .rmsnorm_input = rmsnorm_input_##form, \
  .rmsnorm_gain = rmsnorm_gain_##form, \
  .rope = rope_##form, \
  .swiglu = swiglu_##form, \
  .swiglu_backward = swiglu_backward_##form, \
  .dropout = dropout_##form, \
  .attention_tile = attention_tile_##form, \
  .attention_document = attention_document_##form, \
}

const kaji_kernels LEVEL = {
  .panel_width = PANEL,
  .pack = pack,
  .gemm = gemm,
  .pack_half = pack_product_half,
  .gemm_half = gemm_half,
  .full = ROW_KERNELS(full),
  .half = ROW_KERNELS(half),
  .narrow = narrow,
  .widen = widen,
  .softmax_part = softmax_part,
  .cross_entropy = cross_entropy,
  .cross_entropy_gradient = cross_entropy_gradient,
  .sum_of_squares = sum_of_squares,
  .adamw = adamw,
  .lion = lion,
  .sgd = sgd,
  .momentum = momentum,
  .combine = combine,
  .read_weights = read_weights,
  .write_weights = write_weights,
};
