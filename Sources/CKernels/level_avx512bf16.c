// The kernels for AVX-512 with bf16: those of AVX-512, and products of pairs of bf16 in one instruction.
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl,avx512bf16"))), \
    apply_to = function)
#define LANES 16
#define GEMM_ROWS 8
#define GEMM_VECTORS 3
#define HALF_DOT 1
#define LEVEL kaji_kernels_avx512bf16
#include "templates/all.h"
#pragma clang attribute pop
#else
typedef int kaji_not_x86;
#endif
