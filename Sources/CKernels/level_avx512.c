// SPDX-License-Identifier: Apache-2.0

// The kernels for AVX-512 (F, DQ, VL, BW).
#if defined(__x86_64__)
#pragma STDC FP_CONTRACT OFF
#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw")))
#pragma clang attribute push(AVX512, apply_to = function)
#define TABLE sk_avx512_kernels
#include "bodies.h"
#pragma clang attribute pop
#else
typedef int sk_no_avx512_here;
#endif
