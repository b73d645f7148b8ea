// SPDX-License-Identifier: Apache-2.0

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
#include "kernel_list.h"

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

// Standard normals.
//
// They come in groups of 32 from eight consecutive blocks of Philox 4x32-10: group G takes the blocks whose
// counters are `counter` with 8G+l (l = 0…7) added to word 0, modulo 2^32. A block's words w0 … w3 make two
// Box–Muller pairs, with uniforms (w + ½)/2^32:
//   radius √(−2 ln u(w0)), angle 2π u(w1):  number 32G+l is its cosine part, 32G+8+l its sine part;
//   radius √(−2 ln u(w2)), angle 2π u(w3):  number 32G+16+l and 32G+24+l likewise.
// The transform is accurate to a few units of 10^-16, relative to the radius.

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

// Binary logistic regression on sparse rows: the loss of a row a with label y is ln(1 + exp(−y aᵀx)).

/// Rows without their zeros: row j has values[i] in columns[i] for starts[j] ≤ i < starts[j + 1]. A label of
/// 0 stands for y = −1, another one for +1.
typedef struct {
  const ptrdiff_t *starts;
  const uint32_t *columns;
  const double *values;
  const uint8_t *labels;
} sk_rows;

// The kernels of the list, each as sk_NAME_f64 and sk_NAME_f32.
#define SK_DECLARE(result, name, parameters, arguments) result sk_##name parameters;
SK_KERNELS(SK_DECLARE)
#undef SK_DECLARE

#ifdef __cplusplus
}
#endif

#endif
