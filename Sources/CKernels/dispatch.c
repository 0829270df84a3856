#include "CKernels.h"

extern const kaji_kernels kaji_kernels_baseline;
#if defined(__x86_64__)
extern const kaji_kernels kaji_kernels_avx2;
extern const kaji_kernels kaji_kernels_avx512;
extern const kaji_kernels kaji_kernels_avx512bf16;
#endif

kaji_level kaji_level_supported(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    return KAJI_LEVEL_BASELINE;
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    return __builtin_cpu_supports("avx512bf16") ? KAJI_LEVEL_AVX512_BF16 : KAJI_LEVEL_AVX512;
  }
  return KAJI_LEVEL_AVX2;
#else
  return KAJI_LEVEL_BASELINE;
#endif
}

const kaji_kernels *kaji_kernels_at(kaji_level level) {
  switch (level) {
#if defined(__x86_64__)
    case KAJI_LEVEL_AVX512_BF16: return &kaji_kernels_avx512bf16;
    case KAJI_LEVEL_AVX512: return &kaji_kernels_avx512;
    case KAJI_LEVEL_AVX2: return &kaji_kernels_avx2;
#endif
    default: return &kaji_kernels_baseline;
  }
}
