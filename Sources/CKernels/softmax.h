// SPDX-License-Identifier: Apache-2.0

// Softmax cross-entropy of one sample, in double precision.
#ifndef STRAGGLER_SOFTMAX_H
#define STRAGGLER_SOFTMAX_H
#include "elementary.h"

/// Turns up to 16 logits into the loss's derivatives by them, softmax − one-hot(label); returns the loss
/// and, in `correct`, whether the first of the largest logits is the label's.
INLINE double softmax_loss(double logits[16], size_t classes, size_t label, size_t *correct) {
  size_t best = 0;
  for (size_t c = 1; c < classes; c++)
    if (logits[c] > logits[best]) best = c;
  *correct = best == label;
  double largest = logits[best], chosen = logits[label] - largest;
  // Lanes beyond the classes vanish.
  for (size_t c = classes; c < 16; c++) logits[c] = largest - 1000;
  v8d e0 = exp8(load8_f64(logits) - largest), e1 = exp8(load8_f64(logits + 8) - largest);
  double sum = sum8(e0 + e1);
  *(v8d_unaligned *)logits = e0 / sum;
  *(v8d_unaligned *)(logits + 8) = e1 / sum;
  logits[label] -= 1;
  // Numbers give a sum from 1 to 16; the logarithm does not know nan.
  return sum == sum ? log8(splat(sum), 0)[0] - chosen : sum;
}

/// The same for any number of classes: `logits` has room for whole pairs of registers.
INLINE double softmax_loss_of_any(double *logits, size_t classes, size_t label, size_t *correct) {
  if (classes <= 16) return softmax_loss(logits, classes, label, correct);
  size_t best = 0, padded = (classes + 15) / 16 * 16;
  for (size_t c = 1; c < classes; c++)
    if (logits[c] > logits[best]) best = c;
  *correct = best == label;
  double largest = logits[best], chosen = logits[label] - largest;
  for (size_t c = classes; c < padded; c++) logits[c] = largest - 1000;
  v8d sums = splat(0);
  for (size_t c = 0; c < padded; c += 8) {
    v8d e = exp8(load8_f64(logits + c) - largest);
    *(v8d_unaligned *)(logits + c) = e;
    sums += e;
  }
  double sum = sum8(sums);
  for (size_t c = 0; c < padded; c += 8)
    *(v8d_unaligned *)(logits + c) = *(const v8d_unaligned *)(logits + c) / sum;
  logits[label] -= 1;
  return sum == sum ? log8(splat(sum), 0)[0] - chosen : sum;
}
#endif
