// The hot loops of Kaji, in C, each compiled for several levels of processor and chosen at run time.
//
// All matrices are row-major. A stride is the number of elements from one row to the next. Nothing here
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

/// Tokens of a loss, and what is found of each.
typedef struct kaji_tokens {
  const int32_t *targets;  // below 0: does not count
  const float *scales;     // of its gradient
  float *chosen;           // the target's logit
  float *peak;             // the largest logit
  /// The gradient is exp(z − peak) · factor − even, and `correct` at the target.
  float *factor, *even, *correct;
} kaji_tokens;

/// Numbers of a product: element (i, j) at i * stride + j, or j * stride + i if transposed.
typedef struct kaji_matrix {
  void *base;  // floats, or bf16 if is_half
  ptrdiff_t stride;
  bool transposed;
  bool is_half;
} kaji_matrix;

/// The key of random words and the step they are of.
typedef struct kaji_random {
  uint32_t key0, key1;
  uint64_t step;
} kaji_random;

/// Weights as they are kept: floats; or bf16 with the rest beside them, which makes them floats again:
/// bits = bf16 · 2¹⁶ + rest; or bf16 alone, rounded at random.
typedef struct kaji_weights {
  float *base;
  uint16_t *half_base;  // in place of base
  int16_t *rest;
  kaji_random random;
  int64_t place;  // the element of the random words that the first weight has
} kaji_weights;

/// One matrix of heads: row t, head h begins at `base + t * stride + h * head_size`.
typedef struct kaji_heads {
  void *base;
  ptrdiff_t stride;
} kaji_heads;

/// The shape of an attention call.
typedef struct kaji_attention_shape {
  int32_t head_size;
  int32_t group;  // query heads that share one key and value head
  float scale;    // 1 / √head_size
  bool full;      // whether queries see the keys behind them as well
} kaji_attention_shape;

/// Panels of columns that one call of a product takes at most.
enum { KAJI_TASK_PANELS = 16 };

/// The kernels for rows of one type of number: `void` stands for floats, or for bf16. All sums are fp32.
typedef struct kaji_row_kernels {
  /// y[r, j] = x[r]·w[j] (+ residual[r, j]) for few rows and the outputs [begin, end): the
  /// product of generation, which reads each weight once and packs nothing. y is floats if y_full.
  void (*matvec)(int64_t rows, int64_t k, const void *x, ptrdiff_t x_stride, const void *w,
                 ptrdiff_t w_stride, int64_t begin, int64_t end, const void *residual,
                 ptrdiff_t residual_stride, void *y, ptrdiff_t y_stride, bool y_full);

  void (*add)(int64_t n, const void *x, void *y);                  // y += x
  void (*add_full)(int64_t n, const void *x, float *y);            // y += x
  void (*sum)(int64_t n, const void *a, const void *b, void *y);   // y = a + b

  void (*rmsnorm)(int64_t rows, int64_t width, const void *x, const void *gain, float epsilon,
                  void *y, float *inverse);
  void (*rmsnorm_input)(int64_t rows, int64_t width, const void *dy, const void *x,
                        const void *gain, const float *inverse, void *dx, bool accumulate);
  /// dgain[c] += Σ_t dy[t, c]·x[t, c]·inverse[t] for the columns [begin, end).
  void (*rmsnorm_gain)(int64_t rows, int64_t width, int64_t begin, int64_t end, const void *dy,
                       const void *x, const float *inverse, float *dgain);

  /// Rotates `heads` heads of each row in place; table row p holds cos then sin, head_size/2 each.
  void (*rope)(int64_t rows, void *x, ptrdiff_t stride, int32_t heads, int32_t head_size,
               const int32_t *positions, const float *table, float direction);

  void (*swiglu)(int64_t rows, int64_t width, const void *gate, const void *up, ptrdiff_t stride,
                 void *y);
  void (*swiglu_backward)(int64_t rows, int64_t width, const void *dy, const void *gate,
                          const void *up, ptrdiff_t stride, void *dgate, void *dup,
                          ptrdiff_t gradient_stride);

  /// Elements [begin, end) of x, `begin` a multiple of 4: zero where the random word is below
  /// `threshold`, else multiplied by `scale`.
  void (*dropout)(int64_t begin, int64_t end, kaji_random random, uint32_t threshold, float scale,
                  void *x);

  /// One tile of queries: rows [0, queries), each seeing keys up to `first_key_count` + its index, or
  /// just `first_key_count` if full.
  /// `lse` is [queries, stride lse_stride] with one column a head of the group.
  void (*attention_tile)(kaji_attention_shape shape, int32_t queries, int64_t first_key_count,
                         kaji_heads q, kaji_heads k, kaji_heads v, kaji_heads o, float *lse,
                         ptrdiff_t lse_stride);
  /// One document of `rows` rows, one key head and its group of query heads. dk, dv are floats, overwritten.
  void (*attention_document)(kaji_attention_shape shape, int64_t rows, kaji_heads q, kaji_heads k,
                             kaji_heads v, kaji_heads o, kaji_heads d_o, const float *lse,
                             ptrdiff_t lse_stride, kaji_heads dq, kaji_heads dk, kaji_heads dv);
} kaji_row_kernels;

/// The kernels of one level.
typedef struct kaji_kernels {
  /// Columns of one packed panel of `gemm`.
  int32_t panel_width;

  /// Packs columns [begin, end) of the k×n matrix B into panels: panel p holds columns
  /// p·width … as k rows of `panel_width` floats, zero-padded. `begin` is a multiple of the width.
  void (*pack)(kaji_matrix b, int64_t k, int64_t n, int64_t begin, int64_t end, float *packed);

  /// C = A·B + (accumulate ? C : 0) for m rows and the columns [begin, end) of packed panels, at most
  /// KAJI_TASK_PANELS of them.
  /// Each element is summed over k in order, in blocks: its bits depend on nothing else.
  void (*gemm)(int64_t m, int64_t k, kaji_matrix a, const float *packed, int64_t begin,
               int64_t end, kaji_matrix c, bool accumulate);

  /// The same for products whose factors are bf16 or rounded to it, and whose sums are fp32 until they are whole.
  /// `packed` needs no more room, and has a layout of its own.
  void (*pack_half)(kaji_matrix b, int64_t k, int64_t n, int64_t begin, int64_t end,
                    float *packed);
  void (*gemm_half)(int64_t m, int64_t k, kaji_matrix a, const float *packed, int64_t begin,
                    int64_t end, kaji_matrix c, bool accumulate);

  /// For rows of floats, and for rows of bf16.
  kaji_row_kernels full, half;

  void (*narrow)(int64_t n, const float *x, void *y, bool accumulate);  // bf16 y = x (+ y)
  void (*widen)(int64_t n, const void *x, float *y);                    // y = bf16 x

  /// Of each of n tokens, over the classes [first, first + classes) whose logits z[class][token] begin at z: the largest,
  /// the sum of exp(z − largest), the sum of z unless `sums` is null, and the target's logit if it is among them.
  void (*softmax_part)(int64_t first, int64_t classes, int64_t n, const float *z, ptrdiff_t stride,
                       const int32_t *targets, float *chosen, float *peak, float *total,
                       float *sums);
  /// The losses of the tokens [begin, end) of n from such parts of all `classes`, [parts][n], added in order; and
  /// what the gradient needs of each token.
  void (*cross_entropy)(int64_t parts, int64_t classes, int64_t n, int64_t begin, int64_t end,
                        const float *peaks, const float *totals, const float *sums,
                        kaji_loss terms, kaji_tokens tokens, float *losses);
  /// The gradient of the logits of a part, [classes][n]: floats, or bf16 if `narrow`.
  void (*cross_entropy_gradient)(int64_t first, int64_t classes, int64_t n, const float *z,
                                 ptrdiff_t stride, kaji_tokens tokens, void *out, bool narrow);

  double (*sum_of_squares)(int64_t n, const float *x);
  /// One fused pass: clip, moments, decay, update, and the gradient zeroed.
  void (*adamw)(int64_t n, kaji_update step, kaji_weights w, float *g, float *m, float *v);
  void (*lion)(int64_t n, kaji_update step, kaji_weights w, float *g, float *m);
  void (*sgd)(int64_t n, kaji_update step, kaji_weights w, float *g, float *m);
  /// m = μ·m + c·g, look = c·g + μ·m, and the gradient zeroed.
  void (*momentum)(int64_t n, kaji_update step, float *g, float *m, float *look);
  /// z = a·x + b·y; z may be either.
  void (*combine)(int64_t n, float a, const float *x, float b, const float *y, float *z);
  void (*read_weights)(int64_t n, kaji_weights w, float *x);
  void (*write_weights)(int64_t n, kaji_weights w, const float *x);
} kaji_kernels;

/// The kernels of `level`, which must not exceed `kaji_level_supported()`.
const kaji_kernels *kaji_kernels_at(kaji_level level);
