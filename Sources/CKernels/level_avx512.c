// The kernels for AVX-512: 32 registers of 16 floats.
#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), apply_to = function)
#define LANES 16
#define GEMM_ROWS 8
#define GEMM_VECTORS 3
#define LEVEL kaji_kernels_avx512
#include "templates/all.h"
#pragma clang attribute pop
#else
typedef int kaji_not_x86;
#endif
