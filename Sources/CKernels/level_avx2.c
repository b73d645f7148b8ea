// SPDX-License-Identifier: Apache-2.0

// The kernels for AVX2.
#if defined(__x86_64__)
#pragma STDC FP_CONTRACT OFF
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define TABLE sk_avx2_kernels
#include "bodies.h"
#pragma clang attribute pop
#else
typedef int sk_no_avx2_here;
#endif
