// Arithmetic kernels with the same bits at every SIMD level.
//
// Each kernel has one order of operations, written for virtual registers of 64 bytes, and is compiled
// three times: for the baseline of the architecture, for AVX2 and for AVX-512. Nothing is contracted to
// fused multiply-add. The level is chosen once at load; all levels return identical results, so the
// choice is visible in speed alone.
//
// Conventions: n is a number of elements, pointers need no alignment beyond their type's and are not read
// where n is 0. An output may be the same array as an input (y == x) but must not overlap it partially.
// No kernel calls a function of the C library, and none reads or writes beyond what is stated.
#ifndef STRAGGLER_KERNELS_H
#define STRAGGLER_KERNELS_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// SIMD levels: 0 is the architecture's baseline, 1 is AVX2, 2 is AVX-512 (F, DQ, VL, BW).

/// The level in force.
int sk_level(void);
/// The highest level that this processor and operating system have.
int sk_highest_level(void);
/// Puts the highest level in force that is neither above `level` nor above what the machine has, and
/// returns it. Meant for tests and measurements: kernels that are running elsewhere finish as they began.
int sk_select_level(int level);
/// "baseline", "avx2", "avx512", or "unknown".
const char *sk_level_name(int level);

// Vectors. Sums run over 16 lanes in double precision, for float too: element i goes to lane i mod 16 in
// the order of i, and the lanes are then added pairwise, l with l+8, l+4, l+2, l+1.

/// Σ x_i y_i
double sk_dot_f64(const double *x, const double *y, size_t n);
double sk_dot_f32(const float *x, const float *y, size_t n);
/// Σ x_i²
double sk_squared_norm_f64(const double *x, size_t n);
double sk_squared_norm_f32(const float *x, size_t n);
/// Σ (x_i − y_i)², the difference taken in double precision
double sk_squared_distance_f64(const double *x, const double *y, size_t n);
double sk_squared_distance_f32(const float *x, const float *y, size_t n);

/// x_i = a
void sk_fill_f64(double *x, double a, size_t n);
void sk_fill_f32(float *x, float a, size_t n);
/// y_i = x_i
void sk_copy_f64(double *y, const double *x, size_t n);
void sk_copy_f32(float *y, const float *x, size_t n);
/// x_i = a x_i
void sk_scale_f64(double *x, double a, size_t n);
void sk_scale_f32(float *x, float a, size_t n);
/// y_i = y_i + a x_i
void sk_add_f64(double *y, double a, const double *x, size_t n);
void sk_add_f32(float *y, float a, const float *x, size_t n);
/// z_i = x_i − gamma g_i
void sk_step_f64(double *z, const double *x, double gamma, const double *g, size_t n);
void sk_step_f32(float *z, const float *x, float gamma, const float *g, size_t n);
/// z_i = a x_i + b y_i
void sk_combine_f64(double *z, double a, const double *x, double b, const double *y, size_t n);
void sk_combine_f32(float *z, float a, const float *x, float b, const float *y, size_t n);

/// x_i = x_i + a
void sk_shift_f64(double *x, double a, size_t n);
void sk_shift_f32(float *x, float a, size_t n);
/// g_i = g_i + a (2 x_i − x_{i−1} − x_{i+1})/4, with −1 before the first x and 0 behind the last: a times the
/// gradient of the tridiagonal quadratic. g and x must not overlap.
void sk_add_tridiagonal_f64(double *g, double a, const double *x, size_t n);
void sk_add_tridiagonal_f32(float *g, float a, const float *x, size_t n);

// Standard normals.
//
// They come in groups of 32 from eight consecutive blocks of Philox 4x32-10: group G takes the blocks whose
// counters are `counter` with 8G+l (l = 0…7) added to word 0, modulo 2^32. A block's words w0 … w3 make two
// Box–Muller pairs, with uniforms (w + ½)/2^32:
//   radius √(−2 ln u(w0)), angle 2π u(w1):  number 32G+l is its cosine part, 32G+8+l its sine part;
//   radius √(−2 ln u(w2)), angle 2π u(w3):  number 32G+16+l and 32G+24+l likewise.
// The transform is accurate to a few units of 10^-16, relative to the radius.

/// y_i = y_i + scale z_i, with z_i standard normal
void sk_add_normals_f64(double *y, size_t n, double scale, const uint32_t key[2], const uint32_t counter[4]);
/// The same normals; scale z_i is rounded to float before it is added.
void sk_add_normals_f32(float *y, size_t n, double scale, const uint32_t key[2], const uint32_t counter[4]);

// A network of two layers on images of bytes, with softmax cross-entropy:
//   z = W1ᵀ(slope · pixels + offset) + b1,  a = max(z, 0),  logits = W2 a + b2.
//
// Parameters and gradient are one vector: W1 [inputs][hidden], a row for each pixel; b1 [hidden];
// W2 [classes][hidden], a row for each class; b2 [classes].
//
// Pixels of 0 are left out of every sum: z starts at b1 + offset · Σ_k W1[k] and takes
// (slope · pixel_k) W1[k] in the order of k, and W1's gradient takes the samples' terms in their order and
// offset times b1's gradient at the end. The same result up to rounding, and the same bits at every level.

typedef struct {
  size_t inputs, hidden, classes;
  double slope, offset;
} sk_network;

/// Sums over samples: the loss −ln softmax(logits)[label], and how many labels have the largest logit.
typedef struct {
  double loss;
  size_t correct;
} sk_network_score;

/// The most classes that a network of two layers can have.
enum { sk_classes_limit = 16 };

/// How many elements of scratch a pass needs; for sizes whose products are far below SIZE_MAX.
size_t sk_network_scratch(const sk_network *network);

/// Runs the samples through the network: rows samples[0 … count−1] of `images` and `labels`, or rows
/// 0 … count−1 where `samples` is null. Where `gradient` is not null, adds to it weight times the sum of the
/// samples' gradients. Labels are below `classes`; what is not counts as class 0. Nothing overlaps.
sk_network_score sk_network_pass_f64(const sk_network *network, const double *parameters,
                                     const uint8_t *images, const uint8_t *labels, const uint32_t *samples,
                                     size_t count, double weight, double *gradient, double *scratch);
sk_network_score sk_network_pass_f32(const sk_network *network, const float *parameters,
                                     const uint8_t *images, const uint8_t *labels, const uint32_t *samples,
                                     size_t count, double weight, float *gradient, float *scratch);

// A network of any number of layers on images of bytes or sparse rows, with softmax cross-entropy:
//   a_0 = the features,  z_l = W_lᵀ a_{l−1} + b_l,  a_l = activation(z_l),  logits = z of the last layer.
// Without hidden layers it is softmax regression.
//
// Parameters and gradient are one vector: for each layer W [inputs][outputs], a row for each input, then b
// [outputs]. Inputs of 0 are left out of every sum, the others taken in their order. The offset of bytes
// enters as in the network of two layers.

/// The most hidden layers.
enum { sk_hidden_limit = 8 };
/// The most classes.
enum { sk_any_classes_limit = 256 };
/// max(z, 0); tanh z; and z (1 + tanh(√(2/π)(z + 0.044715 z³)))/2.
enum { sk_relu, sk_tanh, sk_gelu };

typedef struct {
  /// Inputs, hidden units of each layer, and classes.
  size_t sizes[sk_hidden_limit + 2];
  /// How many layers of weights there are: one more than hidden layers.
  size_t count;
  int activation;
} sk_layers;

/// Samples: images of `width` bytes, whose features are slope · byte + offset; or, where `bytes` is null,
/// rows without their zeros: row j has values[i] in columns[i] for starts[j] ≤ i < starts[j + 1].
typedef struct {
  const uint8_t *bytes;
  size_t width;
  double slope, offset;
  const ptrdiff_t *starts;
  const uint32_t *columns;
  const double *values;
  /// A class, from 0, for each sample.
  const uint8_t *labels;
} sk_samples;

/// How many elements of scratch a pass needs; it must be aligned for doubles.
size_t sk_layers_scratch(const sk_layers *layers);

/// As for the network of two layers: the score of the samples in `list`, and weight times their gradients
/// added to `gradient` where it is not null.
sk_network_score sk_layers_pass_f64(const sk_layers *layers, const double *parameters,
                                    const sk_samples *samples, const uint32_t *list, size_t count,
                                    double weight, double *gradient, double *scratch);
sk_network_score sk_layers_pass_f32(const sk_layers *layers, const float *parameters,
                                    const sk_samples *samples, const uint32_t *list, size_t count,
                                    double weight, float *gradient, float *scratch);

// Binary logistic regression on sparse rows: the loss of a row a with label y is ln(1 + exp(−y aᵀx)).

/// Rows without their zeros: row j has values[i] in columns[i] for starts[j] ≤ i < starts[j + 1]. A label of
/// 0 stands for y = −1, another one for +1.
typedef struct {
  const ptrdiff_t *starts;
  const uint32_t *columns;
  const double *values;
  const uint8_t *labels;
} sk_rows;

/// Σ of the losses of rows samples[0 … count−1], in double precision: sample i goes to lane i mod 8 in the
/// order of i, and the lanes are added pairwise.
double sk_logistic_loss_f64(const sk_rows *rows, const double *x, const uint32_t *samples, size_t count);
double sk_logistic_loss_f32(const sk_rows *rows, const float *x, const uint32_t *samples, size_t count);
/// g = g + weight times the sum of the samples' gradients, one after another; each term is formed in double
/// precision and rounded before it is added. g and x must not overlap.
void sk_add_logistic_gradient_f64(double *g, double weight, const sk_rows *rows, const double *x,
                                  const uint32_t *samples, size_t count);
void sk_add_logistic_gradient_f32(float *g, double weight, const sk_rows *rows, const float *x,
                                  const uint32_t *samples, size_t count);

/// Σ x_i²/(1 + x_i²), over 16 lanes like the other sums
double sk_bounded_sum_f64(const double *x, size_t n);
double sk_bounded_sum_f32(const float *x, size_t n);
/// g_i = g_i + a times its gradient 2 x_i/(1 + x_i²)², formed in double precision
void sk_add_bounded_gradient_f64(double *g, double a, const double *x, size_t n);
void sk_add_bounded_gradient_f32(float *g, double a, const float *x, size_t n);

#ifdef __cplusplus
}
#endif

#endif
