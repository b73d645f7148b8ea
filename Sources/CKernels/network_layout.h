// SPDX-License-Identifier: Apache-2.0

// Where things are in the scratch memory of a pass through the network, in elements.
#ifndef STRAGGLER_NETWORK_LAYOUT_H
#define STRAGGLER_NETWORK_LAYOUT_H
#include "kernels.h"

typedef struct {
  /// `hidden` rounded up to whole pairs of virtual registers.
  size_t width;
  /// slope · byte, for every byte.
  size_t pixel_value;
  /// The indices (as 32-bit integers) and values of a sample's pixels that are not 0.
  size_t index, value;
  /// [width]: z of an image of zeros, a of the sample, the loss's derivative by z, and its sum over samples.
  size_t base, active, delta, delta_sum;
  /// W2 as [classes][width] and as [hidden][16], its gradient as [classes][width]; all padded with zeros.
  size_t by_class, by_unit, by_class_gradient;
  /// [16]: b2, its gradient, and the logits or their derivative for a sample.
  size_t bias, bias_gradient, logits;
  size_t total;
} sk_network_layout;

static inline sk_network_layout sk_network_layout_of(const sk_network *network) {
  sk_network_layout at;
  size_t next = 0;
  at.width = (network->hidden + 31) / 32 * 32;
#define PLACE(name, count) (at.name = next, next += ((count) + 15) / 16 * 16)
  PLACE(pixel_value, 256);
  PLACE(index, network->inputs);
  PLACE(value, network->inputs);
  PLACE(base, at.width);
  PLACE(active, at.width);
  PLACE(delta, at.width);
  PLACE(delta_sum, at.width);
  PLACE(by_class, network->classes * at.width);
  PLACE(by_unit, network->hidden * 16);
  PLACE(by_class_gradient, network->classes * at.width);
  PLACE(bias, 16);
  PLACE(bias_gradient, 16);
  PLACE(logits, 16);
#undef PLACE
  at.total = next;
  return at;
}
#endif
