// SPDX-License-Identifier: Apache-2.0

#include "machine.h"
#pragma STDC FP_CONTRACT ON

#define BYTES 16
#define NAME(name) baseline_##name
#include "bodies.h"
#undef BYTES
#undef NAME

#if defined(__x86_64__)
#define BYTES 32
#define NAME(name) avx2_##name
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "bodies.h"
#pragma clang attribute pop
#undef BYTES
#undef NAME

#define BYTES 64
#define NAME(name) avx512_##name
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#include "bodies.h"
#pragma clang attribute pop

static int level(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return 2;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

#define CALL(function, ...)                      \
  (level() == 2   ? avx512_##function(__VA_ARGS__) \
   : level() == 1 ? avx2_##function(__VA_ARGS__)   \
                  : baseline_##function(__VA_ARGS__))
#else
#define CALL(function, ...) baseline_##function(__VA_ARGS__)
#endif

double machine_read(const double *x, size_t count, size_t times) { return CALL(read, x, count, times); }
void machine_update(const double *x, double *y, size_t count, size_t times) {
  CALL(update, x, y, count, times);
}
double machine_compute_doubles(size_t rounds) { return CALL(compute_doubles, rounds); }
double machine_compute_floats(size_t rounds) { return CALL(compute_floats, rounds); }
