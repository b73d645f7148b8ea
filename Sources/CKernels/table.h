// The kernels as a table of function pointers, one table for each SIMD level.
#ifndef STRAGGLER_TABLE_H
#define STRAGGLER_TABLE_H
#include "kernels.h"

// Every kernel: result, name, parameters, arguments.
#define SK_LINEAR_KERNELS(X, T, S)                                                                           \
  X(double, dot_##S, (const T *x, const T *y, size_t n), (x, y, n))                                          \
  X(double, squared_norm_##S, (const T *x, size_t n), (x, n))                                                \
  X(double, squared_distance_##S, (const T *x, const T *y, size_t n), (x, y, n))                             \
  X(void, fill_##S, (T * x, T a, size_t n), (x, a, n))                                                       \
  X(void, copy_##S, (T * y, const T *x, size_t n), (y, x, n))                                                \
  X(void, scale_##S, (T * x, T a, size_t n), (x, a, n))                                                      \
  X(void, add_##S, (T * y, T a, const T *x, size_t n), (y, a, x, n))                                         \
  X(void, step_##S, (T * z, const T *x, T gamma, const T *g, size_t n), (z, x, gamma, g, n))                 \
  X(void, combine_##S, (T * z, T a, const T *x, T b, const T *y, size_t n), (z, a, x, b, y, n))              \
  X(void, shift_##S, (T * x, T a, size_t n), (x, a, n))                                                      \
  X(void, add_tridiagonal_##S, (T * g, T a, const T *x, size_t n), (g, a, x, n))                             \
  X(void, add_normals_##S, (T * y, size_t n, double scale, const uint32_t *key, const uint32_t *counter),    \
    (y, n, scale, key, counter))                                                                             \
  X(sk_network_score, network_pass_##S,                                                                      \
    (const sk_network *network, const T *parameters, const uint8_t *images, const uint8_t *labels,           \
     const uint32_t *samples, size_t count, double weight, T *gradient, T *scratch),                         \
    (network, parameters, images, labels, samples, count, weight, gradient, scratch))                        \
  X(sk_network_score, layers_pass_##S,                                                                       \
    (const sk_layers *layers, const T *parameters, const sk_samples *samples, const uint32_t *list,          \
     size_t count, double weight, T *gradient, T *scratch),                                                  \
    (layers, parameters, samples, list, count, weight, gradient, scratch))                                   \
  X(double, logistic_loss_##S,                                                                               \
    (const sk_rows *rows, const T *x, const uint32_t *samples, size_t count), (rows, x, samples, count))     \
  X(void, add_logistic_gradient_##S,                                                                         \
    (T * g, double weight, const sk_rows *rows, const T *x, const uint32_t *samples, size_t count),          \
    (g, weight, rows, x, samples, count))                                                                    \
  X(double, bounded_sum_##S, (const T *x, size_t n), (x, n))                                                 \
  X(void, add_bounded_gradient_##S, (T * g, double a, const T *x, size_t n), (g, a, x, n))

#define SK_KERNELS(X)                                                                                        \
  SK_LINEAR_KERNELS(X, double, f64)                                                                          \
  SK_LINEAR_KERNELS(X, float, f32)

typedef struct {
#define MEMBER(result, name, parameters, arguments) result(*name) parameters;
  SK_KERNELS(MEMBER)
#undef MEMBER
} sk_table;

extern const sk_table sk_baseline_kernels;
#if defined(__x86_64__)
extern const sk_table sk_avx2_kernels, sk_avx512_kernels;
#endif
#endif
