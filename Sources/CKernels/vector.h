// SPDX-License-Identifier: Apache-2.0

// Virtual registers of 64 bytes, which the compiler maps to one, two or four real ones.
#ifndef STRAGGLER_VECTOR_H
#define STRAGGLER_VECTOR_H
#include <stddef.h>
#include <stdint.h>

// Vectors wider than the baseline's registers are passed between inlined functions only.
#pragma clang diagnostic ignored "-Wpsabi"

typedef double v8d __attribute__((vector_size(64)));
typedef float v16f __attribute__((vector_size(64)));
typedef float v8f __attribute__((vector_size(32)));
typedef uint64_t v8u __attribute__((vector_size(64)));
typedef int64_t v8i __attribute__((vector_size(64)));

typedef int32_t v16i __attribute__((vector_size(64)));

typedef double v8d_unaligned __attribute__((vector_size(64), aligned(8), may_alias));
typedef float v16f_unaligned __attribute__((vector_size(64), aligned(4), may_alias));
typedef double v16d_unaligned __attribute__((vector_size(128), aligned(8), may_alias));
typedef float v32f_unaligned __attribute__((vector_size(128), aligned(4), may_alias));
typedef double v2d_unaligned __attribute__((vector_size(16), aligned(8), may_alias));
typedef float v4f_unaligned __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint8_t v64b_unaligned __attribute__((vector_size(64), aligned(1), may_alias));
typedef _Bool v64_bits __attribute__((ext_vector_type(64)));
typedef float v8f_unaligned __attribute__((vector_size(32), aligned(4), may_alias));

// Loops that look like memset or memcpy stay loops: the kernels need no C library.
#define KERNEL static __attribute__((unused, no_builtin("memset", "memcpy", "memmove")))
#define INLINE static inline __attribute__((always_inline, unused))

INLINE v8d splat(double a) { return (v8d){a, a, a, a, a, a, a, a}; }
INLINE v8d load8_f64(const double *p) { return *(const v8d_unaligned *)p; }
INLINE v8d load8_f32(const float *p) { return __builtin_convertvector(*(const v8f_unaligned *)p, v8d); }
INLINE void add8_f64(double *p, v8d a) { *(v8d_unaligned *)p = *(const v8d_unaligned *)p + a; }
INLINE void add8_f32(float *p, v8d a) {
  *(v8f_unaligned *)p = *(const v8f_unaligned *)p + __builtin_convertvector(a, v8f);
}

/// `a` where the mask (all ones or all zeros a lane) is set, else `b`.
INLINE v8d choose(v8i mask, v8d a, v8d b) { return (v8d)(((v8i)a & mask) | ((v8i)b & ~mask)); }

/// The sum of the lanes: l with l+4, l+2, l+1.
INLINE double sum8(v8d a) {
  double s0 = a[0] + a[4], s1 = a[1] + a[5], s2 = a[2] + a[6], s3 = a[3] + a[7];
  return (s0 + s2) + (s1 + s3);
}

/// Which of 64 bytes are not 0: bit i for byte i.
INLINE uint64_t nonzero_bytes(const uint8_t *p) {
  union {
    v64_bits lanes;
    uint64_t bits;
  } set = {.lanes = __builtin_convertvector(*(const v64b_unaligned *)p != 0, v64_bits)};
  return set.bits;
}

/// The same for n < 64 bytes.
INLINE uint64_t nonzero_bytes_of(const uint8_t *p, size_t n) {
  uint64_t set = 0;
  for (size_t i = 0; i < n; i++) set |= (uint64_t)(p[i] != 0) << i;
  return set;
}
#endif
