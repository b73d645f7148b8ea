// SPDX-License-Identifier: Apache-2.0

// The files of kernels, each written once for both precisions: T is the type of an element, and NAME(x) the
// name of a kernel for it. Included twice by bodies.h.
#include "linear.h"
#include "network.h"
#include "layers.h"
#include "logistic.h"
#include "squares.h"
#undef T
#undef V
#undef V_UNALIGNED
#undef V2_UNALIGNED
#undef V4_UNALIGNED
#undef V_MASK
#undef LOAD8
#undef ADD8
#undef NAME
