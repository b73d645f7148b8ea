// SPDX-License-Identifier: Apache-2.0

// The kernels as a table of function pointers, one table for each SIMD level.
#ifndef STRAGGLER_TABLE_H
#define STRAGGLER_TABLE_H
#include "kernels.h"

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
