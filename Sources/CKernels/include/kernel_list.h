// SPDX-License-Identifier: Apache-2.0

// Every kernel, once: X(result, name, parameters, arguments), for elements of the type T and the suffix S.
// The declarations, the tables of function pointers and the calls through them are made from this list.
#ifndef STRAGGLER_KERNEL_LIST_H
#define STRAGGLER_KERNEL_LIST_H

#define SK_KERNELS_OF(X, T, S)                                                                               \
  /* Σ x_i y_i */                                                                                            \
  X(double, dot_##S, (const T *x, const T *y, size_t n), (x, y, n))                                          \
  /* Σ x_i² */                                                                                               \
  X(double, squared_norm_##S, (const T *x, size_t n), (x, n))                                                \
  /* Σ (x_i − y_i)², the difference taken in double precision */                                             \
  X(double, squared_distance_##S, (const T *x, const T *y, size_t n), (x, y, n))                             \
  /* x_i = a */                                                                                              \
  X(void, fill_##S, (T * x, T a, size_t n), (x, a, n))                                                       \
  /* y_i = x_i */                                                                                            \
  X(void, copy_##S, (T * y, const T *x, size_t n), (y, x, n))                                                \
  /* x_i = a x_i */                                                                                          \
  X(void, scale_##S, (T * x, T a, size_t n), (x, a, n))                                                      \
  /* y_i = y_i + a x_i */                                                                                    \
  X(void, add_##S, (T * y, T a, const T *x, size_t n), (y, a, x, n))                                         \
  /* z_i = x_i − gamma g_i */                                                                                \
  X(void, step_##S, (T * z, const T *x, T gamma, const T *g, size_t n), (z, x, gamma, g, n))                 \
  /* z_i = x_i − gamma g_i, then g_i = 0; returns Σ z_i² */                                                  \
  X(double, take_step_##S, (T * z, const T *x, T gamma, T *g, size_t n), (z, x, gamma, g, n))                \
  /* z_i = a x_i + b y_i */                                                                                  \
  X(void, combine_##S, (T * z, T a, const T *x, T b, const T *y, size_t n), (z, a, x, b, y, n))              \
  /* x_i = x_i + a */                                                                                        \
  X(void, shift_##S, (T * x, T a, size_t n), (x, a, n))                                                      \
  /* g_i = g_i + a (2 x_i − x_{i−1} − x_{i+1})/4, with −1 before the first x and 0 behind the last: a        \
     times the gradient of the tridiagonal quadratic. g and x must not overlap. */                           \
  X(void, add_tridiagonal_##S, (T * g, T a, const T *x, size_t n), (g, a, x, n))                             \
  /* y_i = y_i + scale z_i, with the standard normals z_i that kernels.h describes; for floats scale z_i is  \
     rounded before it is added. The key has 2 words, the counter 4. */                                      \
  X(void, add_normals_##S, (T * y, size_t n, double scale, const uint32_t *key, const uint32_t               \
    *counter), (y, n, scale, key, counter))                                                                  \
  /* Runs the samples through the network of two layers: rows samples[0 … count−1] of `images` and `labels`, \
     or rows 0 … count−1 where `samples` is null. Where `gradient` is not null, adds to it weight times the  \
     sum of the samples' gradients. Labels are below `classes`; what is not counts as class 0. Nothing       \
     overlaps. */                                                                                            \
  X(sk_network_score, network_pass_##S, (const sk_network *network, const T *parameters, const uint8_t       \
    *images, const uint8_t *labels, const uint32_t *samples, size_t count, double weight, T *gradient, T     \
    *scratch), (network, parameters, images, labels, samples, count, weight, gradient, scratch))             \
  /* The same for a network of any number of layers: the score of the samples in `list`, and weight times    \
     their gradients added to `gradient` where it is not null. */                                            \
  X(sk_network_score, layers_pass_##S, (const sk_layers *layers, const T *parameters, const sk_samples       \
    *samples, const uint32_t *list, size_t count, double weight, T *gradient, T *scratch), (layers,          \
    parameters, samples, list, count, weight, gradient, scratch))                                            \
  /* Σ of the losses of rows samples[0 … count−1], in double precision: sample i goes to lane i mod 8 in the \
     order of i, and the lanes are added pairwise. */                                                        \
  X(double, logistic_loss_##S, (const sk_rows *rows, const T *x, const uint32_t *samples, size_t             \
    count), (rows, x, samples, count))                                                                       \
  /* g = g + weight times the sum of the samples' gradients, one after another; each term is formed in       \
     double precision and rounded before it is added. g and x must not overlap. */                           \
  X(void, add_logistic_gradient_##S, (T * g, double weight, const sk_rows *rows, const T *x, const           \
    uint32_t *samples, size_t count), (g, weight, rows, x, samples, count))                                  \
  /* Σ (aᵀx − y)² of rows samples[0 … count−1] and their targets y, 0 where `targets` is null, added       \
     up as the losses above are. */                                                                          \
  X(double, square_loss_##S, (const sk_rows *rows, const double *targets, const T *x, const uint32_t         \
    *samples, size_t count), (rows, targets, x, samples, count))                                             \
  /* g = g + weight times Σ (aᵀx − y) a, one sample after another; each term is formed in double precision   \
     and rounded before it is added. g and x must not overlap. */                                            \
  X(void, add_square_gradient_##S, (T * g, double weight, const sk_rows *rows, const double *targets, const  \
    T *x, const uint32_t *samples, size_t count), (g, weight, rows, targets, x, samples, count))             \
  /* Σ x_i²/(1 + x_i²), over 16 lanes like the other sums */                                                 \
  X(double, bounded_sum_##S, (const T *x, size_t n), (x, n))                                                 \
  /* g_i = g_i + a times the gradient of that sum, 2 x_i/(1 + x_i²)², formed in double precision */          \
  X(void, add_bounded_gradient_##S, (T * g, double a, const T *x, size_t n), (g, a, x, n))

// Every kernel for double and for float.
#define SK_KERNELS(X)                                                                                        \
  SK_KERNELS_OF(X, double, f64)                                                                              \
  SK_KERNELS_OF(X, float, f32)
#endif
