// SPDX-License-Identifier: Apache-2.0

// Where things stand in the scratch memory of a pass through a network of any number of layers, in elements.
#ifndef STRAGGLER_LAYERS_LAYOUT_H
#define STRAGGLER_LAYERS_LAYOUT_H
#include "kernels.h"

typedef struct {
  /// slope · byte, for every byte.
  size_t pixel_value;
  /// The first layer's z of an image of zeros, and the sum over samples of the loss's derivatives by z.
  size_t base, delta_sum;
  /// The logits or their derivatives for a sample, as doubles, in whole pairs of registers.
  size_t logits;
  /// Of each layer: its inputs that are not 0, as indices (32-bit integers) and values; and its outputs: z,
  /// the derivative of the activation, the loss's derivative by z.
  struct {
    size_t index, value, z, derivative, delta;
  } layer[sk_hidden_limit + 1];
  size_t total;
} sk_layers_layout;

static inline sk_layers_layout sk_layers_layout_of(const sk_layers *layers) {
  sk_layers_layout at;
  size_t next = 0;
#define PLACE(name, count) (at.name = next, next += ((count) + 15) / 16 * 16)
  PLACE(pixel_value, 256);
  PLACE(base, layers->sizes[1]);
  PLACE(delta_sum, layers->sizes[1]);
  PLACE(logits, 2 * ((layers->sizes[layers->count] + 15) / 16 * 16));
  for (size_t l = 0; l < layers->count; l++) {
    PLACE(layer[l].index, layers->sizes[l] + 8);
    PLACE(layer[l].value, layers->sizes[l] + 8);
    PLACE(layer[l].z, layers->sizes[l + 1]);
    PLACE(layer[l].derivative, layers->sizes[l + 1]);
    PLACE(layer[l].delta, layers->sizes[l + 1]);
  }
#undef PLACE
  at.total = next;
  return at;
}
#endif
