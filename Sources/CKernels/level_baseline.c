// The kernels for any processor: vectors of 4, which every 64-bit machine has.
#define LANES 4
#define GEMM_ROWS 4
#define GEMM_VECTORS 2
#define LEVEL kaji_kernels_baseline
#include "templates/all.h"
