// The kernels for AVX2 and FMA: 16 registers of 8 floats.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define GEMM_ROWS 6
#define GEMM_VECTORS 2
#define LEVEL kaji_kernels_avx2
#include "templates/all.h"
#pragma clang attribute pop
#else
typedef int kaji_not_x86;
#endif
