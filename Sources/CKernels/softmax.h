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
#endif
