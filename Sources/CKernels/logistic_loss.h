// SPDX-License-Identifier: Apache-2.0

// The logistic loss ln(1 + e^−z) of eight margins, and its slope.
#ifndef STRAGGLER_LOGISTIC_LOSS_H
#define STRAGGLER_LOGISTIC_LOSS_H
#include "elementary.h"

/// e^−|z|, at most 1; nan stays nan.
INLINE v8d decay8(v8d z) { return exp8((v8d)((v8u)z | 0x8000000000000000)); }

/// ln(1 + e^−z) = max(−z, 0) + ln(1 + e^−|z|), which neither overflows nor cancels.
INLINE v8d logistic_loss8(v8d z) {
  v8d e = decay8(z), u = 1 + e;
  // What 1 + e lost in rounding enters to first order, so that small losses keep their relative accuracy.
  return choose((v8i)(z < 0), -z, splat(0)) + (log8(u, 0) - ((u - 1) - e) / u);
}

/// The slope by z: −1/(1 + e^z).
INLINE v8d logistic_slope8(v8d z) {
  v8d e = decay8(z);
  return -choose((v8i)(z < 0), splat(1), e) / (1 + e);
}
#endif
