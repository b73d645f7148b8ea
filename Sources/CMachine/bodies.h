// SPDX-License-Identifier: Apache-2.0

// The loops, for registers of BYTES bytes; NAME(x) makes a name of this level.

typedef double NAME(doubles) __attribute__((vector_size(BYTES), aligned(8)));
typedef float NAME(floats) __attribute__((vector_size(BYTES)));

static double NAME(read)(const double *x, size_t count, size_t times) {
  enum { width = BYTES / sizeof(double) };
  NAME(doubles) s[8] = {{0}};
  for (size_t time = 0; time < times; time++) {
    for (size_t i = 0; i < count; i += 8 * width) {
#pragma clang loop unroll(full)
      for (int k = 0; k < 8; k++) s[k] += *(const NAME(doubles) *)(x + i + (size_t)k * width);
    }
    machine_use((void *)x);
  }
  double sum = 0;
  for (int k = 0; k < 8; k++)
    for (size_t lane = 0; lane < width; lane++) sum += s[k][lane];
  return sum;
}

static void NAME(update)(const double *x, double *y, size_t count, size_t times) {
  enum { width = BYTES / sizeof(double) };
  for (size_t time = 0; time < times; time++) {
    for (size_t i = 0; i < count; i += 8 * width) {
#pragma clang loop unroll(full)
      for (int k = 0; k < 8; k++)
        *(NAME(doubles) *)(y + i + (size_t)k * width) += *(const NAME(doubles) *)(x + i + (size_t)k * width);
    }
    machine_use(y);
  }
}

// Ten chains hide what an operation waits for: two a cycle, four cycles each.
#define COMPUTE(function, vector, scalar)                                \
  static double NAME(function)(size_t rounds) {                          \
    enum { width = BYTES / sizeof(scalar) };                             \
    NAME(vector) s[10] = {{0}};                                          \
    NAME(vector) factor = {0}, term = {0};                               \
    for (size_t lane = 0; lane < width; lane++) {                        \
      factor[lane] = (scalar)0.5;                                        \
      term[lane] = (scalar)1;                                            \
    }                                                                    \
    for (size_t round = 0; round < rounds; round++) {                    \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < 10; k++) s[k] = s[k] * factor + term; \
    }                                                                    \
    double sum = 0;                                                      \
    for (int k = 0; k < 10; k++)                                         \
      for (size_t lane = 0; lane < width; lane++) sum += (double)s[k][lane]; \
    machine_consume(sum);                                                \
    return 20.0 * width * (double)rounds;                                \
  }

COMPUTE(compute_doubles, doubles, double)
COMPUTE(compute_floats, floats, float)

#undef COMPUTE
