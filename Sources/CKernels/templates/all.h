// Everything one level is made of. A level file defines LANES, GEMM_ROWS, GEMM_VECTORS and LEVEL, and HALF_DOT 1
// if it multiplies pairs of bf16.
#include "../include/CKernels.h"
#ifndef HALF_DOT
#define HALF_DOT 0
#endif
#include "vector.h"
#include "gemm.h"
#include "half.h"
#include "matvec.h"
#include "rows.h"
#include "loss.h"
#include "attention.h"
#include "dropout.h"
#include "optimisers.h"

const kaji_kernels LEVEL = {
  .panel_width = PANEL,
  .pack = pack,
  .gemm = gemm,
  .pack_half = pack_half,
  .gemm_half = gemm_half,
  .matvec = matvec,
  .add = add,
  .scaled_add = scaled_add,
  .rmsnorm = rmsnorm,
  .rmsnorm_input = rmsnorm_input,
  .rmsnorm_gain = rmsnorm_gain,
  .rope = rope,
  .swiglu = swiglu,
  .swiglu_backward = swiglu_backward,
  .dropout = dropout,
  .cross_entropy = cross_entropy,
  .attention_tile = attention_tile,
  .attention_document = attention_document,
  .sum_of_squares = sum_of_squares,
  .adamw = adamw,
  .lion = lion,
  .sgd = sgd,
  .momentum = momentum,
  .combine = combine,
};
