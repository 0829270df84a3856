// The hot loops of Kaji, in C, each compiled for several levels of processor and chosen at run time.
//
// All matrices are row-major. A stride is the number of floats from one row to the next. Nothing here
// allocates, locks or starts a thread: the caller cuts the work, so that results never depend on
// the number of threads.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the kernels may use of the processor. Bits may differ between levels, never within one.
typedef enum kaji_level {
  KAJI_LEVEL_BASELINE = 0,  // vectors of 4, whatever the compiler targets by itself
  KAJI_LEVEL_AVX2 = 1,      // AVX2 and FMA: vectors of 8
  KAJI_LEVEL_AVX512 = 2,    // AVX-512 F, BW, DQ, VL: vectors of 16
  KAJI_LEVEL_AVX512_BF16 = 3,  // the same, and dot products of bf16
} kaji_level;

/// The highest level this processor and its operating system can run.
kaji_level kaji_level_supported(void);

/// Rows of queries and of keys in one tile of attention.
enum { KAJI_ATTENTION_TILE = 64 };

/// What one optimiser step needs besides the tensors.
typedef struct kaji_update {
  float learning_rate, beta1, beta2, momentum, epsilon, weight_decay;
  float correction1, correction2;  // 1 − β1^t and 1 − β2^t
  float factor;                    // clipping coefficient, multiplies the gradient
} kaji_update;

/// What a loss has beside the cross-entropy.
typedef struct kaji_loss {
  float z;          // times the square of log Σ exp(z)
  float smoothing;  // the share of the target that all classes have evenly
} kaji_loss;

/// One matrix of heads: row t, head h begins at `base + t * stride + h * head_size`.
typedef struct kaji_heads {
  float *base;
  ptrdiff_t stride;
} kaji_heads;

/// The shape of an attention call.
typedef struct kaji_attention_shape {
  int32_t head_size;
  int32_t group;  // query heads that share one key and value head
  float scale;    // 1 / √head_size
  bool full;      // whether queries see the keys behind them as well
} kaji_attention_shape;

/// The kernels of one level.
typedef struct kaji_kernels {
  /// Columns of one packed panel of `gemm`.
  int32_t panel_width;

  /// Packs columns [begin, end) of the k×n matrix B into panels: panel p holds columns
  /// p·width … as k rows of `panel_width` floats, zero-padded. `begin` is a multiple of the width.
  /// B(i, j) = b[i * stride + j], or b[j * stride + i] when `transposed`.
  void (*pack)(const float *b, ptrdiff_t stride, bool transposed, int64_t k, int64_t n,
               int64_t begin, int64_t end, float *packed);

  /// C = A·B + (accumulate ? C : 0) for m rows and the columns [begin, end) of packed panels.
  /// A(i, l) = a[i * stride + l], or a[l * stride + i] when `transposed`.
  /// Each element is summed over k in order, in blocks of 256: its bits depend on nothing else.
  void (*gemm)(int64_t m, int64_t k, const float *a, ptrdiff_t a_stride, bool transposed,
               const float *packed, int64_t begin, int64_t end, float *c, ptrdiff_t c_stride,
               bool accumulate);

  /// The same for products whose factors are rounded to bf16 and whose sums are fp32. `packed` has the
  /// same size, and a layout of its own.
  void (*pack_half)(const float *b, ptrdiff_t stride, bool transposed, int64_t k, int64_t n,
                    int64_t begin, int64_t end, float *packed);
  void (*gemm_half)(int64_t m, int64_t k, const float *a, ptrdiff_t a_stride, bool transposed,
                    const float *packed, int64_t begin, int64_t end, float *c, ptrdiff_t c_stride,
                    bool accumulate);

  /// y[r, j] = x[r]·w[j] (+ residual[r, j]) for few rows and the outputs [begin, end): the
  /// product of generation, which reads each weight once and packs nothing.
  void (*matvec)(int64_t rows, int64_t k, const float *x, ptrdiff_t x_stride, const float *w,
                 ptrdiff_t w_stride, int64_t begin, int64_t end, const float *residual,
                 ptrdiff_t residual_stride, float *y, ptrdiff_t y_stride);

  void (*add)(int64_t n, const float *x, float *y);  // y += x
  void (*scaled_add)(int64_t n, const float *x, float scale, const float *z, float *y);  // y = z + scale·x

  void (*rmsnorm)(int64_t rows, int64_t width, const float *x, const float *gain, float epsilon,
                  float *y, float *inverse);
  void (*rmsnorm_input)(int64_t rows, int64_t width, const float *dy, const float *x,
                        const float *gain, const float *inverse, float *dx, bool accumulate);
  /// dgain[c] += Σ_t dy[t, c]·x[t, c]·inverse[t] for the columns [begin, end).
  void (*rmsnorm_gain)(int64_t rows, int64_t width, int64_t begin, int64_t end, const float *dy,
                       const float *x, const float *inverse, float *dgain);

  /// Rotates `heads` heads of each row in place; table row p holds cos then sin, head_size/2 each.
  void (*rope)(int64_t rows, float *x, ptrdiff_t stride, int32_t heads, int32_t head_size,
               const int32_t *positions, const float *table, float direction);

  void (*swiglu)(int64_t rows, int64_t width, const float *gate, const float *up,
                 ptrdiff_t stride, float *y);
  void (*swiglu_backward)(int64_t rows, int64_t width, const float *dy, const float *gate,
                          const float *up, ptrdiff_t stride, float *dgate, float *dup,
                          ptrdiff_t gradient_stride);

  /// Elements [begin, end) of x, `begin` a multiple of 4: zero where the Philox word is below
  /// `threshold`, else multiplied by `scale`.
  void (*dropout)(int64_t begin, int64_t end, uint32_t key0, uint32_t key1, uint64_t step,
                  uint32_t threshold, float scale, float *x);

  /// Returns L − z[target] with L = log Σ exp(z), and what the terms add; if `differentiate`, z becomes
  /// scale times the gradient of it: softmax(z) − onehot(target) without terms.
  float (*cross_entropy)(int64_t width, float *z, int64_t target, float scale, kaji_loss terms,
                         bool differentiate);

  /// One tile of queries: rows [0, queries), each seeing keys up to `first_key_count` + its index, or
  /// just `first_key_count` if full.
  /// `lse` is [queries, stride lse_stride] with one column a head of the group.
  void (*attention_tile)(kaji_attention_shape shape, int32_t queries, int64_t first_key_count,
                         kaji_heads q, kaji_heads k, kaji_heads v, kaji_heads o, float *lse,
                         ptrdiff_t lse_stride);
  /// One document of `rows` rows, one key head and its group of query heads. dk, dv overwritten.
  void (*attention_document)(kaji_attention_shape shape, int64_t rows, kaji_heads q, kaji_heads k,
                             kaji_heads v, kaji_heads o, kaji_heads d_o, const float *lse,
                             ptrdiff_t lse_stride, kaji_heads dq, kaji_heads dk, kaji_heads dv);

  double (*sum_of_squares)(int64_t n, const float *x);
  /// One fused pass: clip, moments, decay, update, and the gradient zeroed.
  void (*adamw)(int64_t n, kaji_update step, float *w, float *g, float *m, float *v);
  void (*lion)(int64_t n, kaji_update step, float *w, float *g, float *m);
  void (*sgd)(int64_t n, kaji_update step, float *w, float *g, float *m);
  /// m = μ·m + c·g, look = c·g + μ·m, and the gradient zeroed.
  void (*momentum)(int64_t n, kaji_update step, float *g, float *m, float *look);
  /// z = a·x + b·y; z may be either.
  void (*combine)(int64_t n, float a, const float *x, float b, const float *y, float *z);
} kaji_kernels;

/// The kernels of `level`, which must not exceed `kaji_level_supported()`.
const kaji_kernels *kaji_kernels_at(kaji_level level);
