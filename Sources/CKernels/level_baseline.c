// SPDX-License-Identifier: Apache-2.0

// The kernels for the architecture's baseline: SSE2 on x86-64, NEON on AArch64.
#pragma STDC FP_CONTRACT OFF
#define TABLE sk_baseline_kernels
#include "bodies.h"
