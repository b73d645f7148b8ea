// SPDX-License-Identifier: Apache-2.0

// All kernels and their table, compiled under the target that is in force where this is included.
// Needs: TABLE, the name of the table.
#include "table.h"
#include "vector.h"
#include "elementary.h"
#include "normals.h"
#include "softmax.h"
#include "logistic_loss.h"
#include "layers_layout.h"

#define T double
#define V v8d
#define V_UNALIGNED v8d_unaligned
#define V2_UNALIGNED v16d_unaligned
#define V4_UNALIGNED v2d_unaligned
#define V_MASK v8i
#define LOAD8 load8_f64
#define ADD8 add8_f64
#define NAME(x) x##_f64
#include "generic.h"

#define T float
#define V v16f
#define V_UNALIGNED v16f_unaligned
#define V2_UNALIGNED v32f_unaligned
#define V4_UNALIGNED v4f_unaligned
#define V_MASK v16i
#define LOAD8 load8_f32
#define ADD8 add8_f32
#define NAME(x) x##_f32
#include "generic.h"

const sk_table TABLE = {
#define ENTRY(result, name, parameters, arguments) .name = name,
    SK_KERNELS(ENTRY)
#undef ENTRY
};
