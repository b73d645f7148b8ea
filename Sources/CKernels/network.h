// SPDX-License-Identifier: Apache-2.0

// Forward and backward pass of the two-layer network for one element type, as described in kernels.h.
//
// A pass over 28×28 digits is bound by memory traffic between the first and second level of cache: a row of
// W1 for each of some 150 pixels, forward, and a row of its gradient, backward. Four fifths of the pixels
// are 0.
//
// Needs: T, V, V_UNALIGNED, V2_UNALIGNED (twice as wide), V4_UNALIGNED (a quarter), V_MASK, NAME(x). Included
// once for each type.
#include "network_layout.h"

#define LANES (64 / sizeof(T))
#define LOAD(p) (*(const V_UNALIGNED *)(p))
#define STORE(p, v) (*(V_UNALIGNED *)(p) = (v))

/// Lists the bytes of a row that are not 0: their indices, and their values by `table`. Returns how many.
INLINE size_t NAME(list_pixels)(const uint8_t *row, size_t n, const T *table, uint32_t *index, T *value) {
  size_t count = 0;
  for (size_t start = 0; start < n; start += 64) {
    uint64_t set = start + 64 <= n ? nonzero_bytes(row + start) : nonzero_bytes_of(row + start, n - start);
    for (; set; set &= set - 1, count++) {
      size_t k = start + (size_t)__builtin_ctzll(set);
      index[count] = (uint32_t)k;
      value[count] = table[row[k]];
    }
  }
  return count;
}

// Columns are taken in tiles of two registers, one, a quarter of one, and single elements.
#define FOR_TILES(TILE) TILE(V2_UNALIGNED) TILE(V_UNALIGNED) TILE(V4_UNALIGNED) TILE(T)
#define WIDTH(VECTOR) (sizeof(VECTOR) / sizeof(T))

/// z[0 … columns) += Σ_i value_i · W[index_i], in the order of i.
INLINE void NAME(gather_rows)(T *z, const T *W, size_t columns, size_t count, const uint32_t *index,
                              const T *value) {
  size_t c = 0;
#define GATHER(VECTOR)                                                                                       \
  for (; c + WIDTH(VECTOR) <= columns; c += WIDTH(VECTOR)) {                                                 \
    VECTOR sum = *(VECTOR *)(z + c);                                                                         \
    for (size_t i = 0; i < count; i++) sum += value[i] * *(const VECTOR *)(W + index[i] * columns + c);      \
    *(VECTOR *)(z + c) = sum;                                                                                \
  }
  FOR_TILES(GATHER)
#undef GATHER
}

/// G[index_i] += value_i · delta[0 … columns), for every i.
INLINE void NAME(scatter_rows)(T *G, const T *delta, size_t columns, size_t count, const uint32_t *index,
                               const T *value) {
  size_t c = 0;
#define SCATTER(VECTOR)                                                                                      \
  for (; c + WIDTH(VECTOR) <= columns; c += WIDTH(VECTOR)) {                                                 \
    VECTOR d = *(const VECTOR *)(delta + c);                                                                 \
    for (size_t i = 0; i < count; i++) *(VECTOR *)(G + index[i] * columns + c) += value[i] * d;              \
  }
  FOR_TILES(SCATTER)
#undef SCATTER
}

/// total[0 … columns) = Σ_k W[k], over all rows (at least one) in order.
INLINE void NAME(sum_rows)(T *total, const T *W, size_t rows, size_t columns) {
  size_t c = 0;
#define SUM(VECTOR)                                                                                          \
  for (; c + WIDTH(VECTOR) <= columns; c += WIDTH(VECTOR)) {                                                 \
    VECTOR sum = *(const VECTOR *)(W + c);                                                                   \
    for (size_t k = 1; k < rows; k++) sum += *(const VECTOR *)(W + k * columns + c);                         \
    *(VECTOR *)(total + c) = sum;                                                                            \
  }
  FOR_TILES(SUM)
#undef SUM
}

/// G[k] += a · delta[0 … columns), for every row k.
INLINE void NAME(add_to_rows)(T *G, T a, const T *delta, size_t rows, size_t columns) {
  for (size_t k = 0; k < rows; k++) NAME(add)(G + k * columns, a, delta, columns);
}

/// What is the same for all samples of a pass: tables and padded copies of the small layer.
INLINE void NAME(prepare_pass)(const sk_network *network, const T *parameters, sk_network_layout at,
                               T *scratch) {
  size_t inputs = network->inputs, hidden = network->hidden, classes = network->classes;
  const T *b1 = parameters + inputs * hidden, *W2 = b1 + hidden, *b2 = W2 + classes * hidden;
  for (size_t i = at.base; i < at.total; i++) scratch[i] = 0;
  for (size_t byte = 0; byte < 256; byte++)
    scratch[at.pixel_value + byte] = (T)(network->slope * (double)byte);
  T offset = (T)network->offset;
  if (offset != 0) NAME(sum_rows)(scratch + at.base, parameters, inputs, hidden);
  for (size_t j = 0; j < hidden; j++) scratch[at.base + j] = b1[j] + offset * scratch[at.base + j];
  for (size_t c = 0; c < classes; c++) {
    scratch[at.bias + c] = b2[c];
    for (size_t j = 0; j < hidden; j++) {
      scratch[at.by_class + c * at.width + j] = W2[c * hidden + j];
      scratch[at.by_unit + j * 16 + c] = W2[c * hidden + j];
    }
  }
}

/// a = max(z, 0), and the logits; nan stays nan.
INLINE void NAME(finish_forward)(sk_network_layout at, size_t hidden, T *scratch, double logits[16]) {
  T *a = scratch + at.active;
  for (size_t j = 0; j < at.width; j += LANES) {
    V z = LOAD(a + j);
    STORE(a + j, (V)((V_MASK)z & ~(V_MASK)(z <= 0)));
  }
  V sums[16 / LANES];
  for (size_t q = 0; q < 16 / LANES; q++) sums[q] = LOAD(scratch + at.bias + q * LANES);
  for (size_t j = 0; j < hidden; j++)
    for (size_t q = 0; q < 16 / LANES; q++) sums[q] += a[j] * LOAD(scratch + at.by_unit + 16 * j + q * LANES);
  for (size_t q = 0; q < 16 / LANES; q++)
    for (size_t l = 0; l < LANES; l++) logits[q * LANES + l] = sums[q][l];
}

/// From the loss's derivatives by the logits: adds up the small layer's gradient and leaves the derivatives
/// by z in `delta`.
INLINE void NAME(begin_backward)(sk_network_layout at, size_t classes, T *scratch) {
  const T *by_logit = scratch + at.logits;
  for (size_t c = 0; c < classes; c++) scratch[at.bias_gradient + c] += by_logit[c];
  for (size_t j = 0; j < at.width; j += LANES) {
    V a = LOAD(scratch + at.active + j), delta = {0};
    for (size_t c = 0; c < classes; c++) {
      T *row = scratch + at.by_class_gradient + c * at.width + j;
      STORE(row, LOAD(row) + by_logit[c] * a);
      delta += by_logit[c] * LOAD(scratch + at.by_class + c * at.width + j);
    }
    delta = (V)((V_MASK)delta & ~(V_MASK)(a <= 0));
    STORE(scratch + at.delta + j, delta);
    STORE(scratch + at.delta_sum + j, LOAD(scratch + at.delta_sum + j) + delta);
  }
}

/// Adds what the pass has summed up in scratch to the gradient.
INLINE void NAME(finish_pass)(const sk_network *network, sk_network_layout at, const T *scratch,
                              T *gradient) {
  size_t inputs = network->inputs, hidden = network->hidden, classes = network->classes;
  T *b1 = gradient + inputs * hidden, *W2 = b1 + hidden, *b2 = W2 + classes * hidden;
  T offset = (T)network->offset;
  if (offset != 0) NAME(add_to_rows)(gradient, offset, scratch + at.delta_sum, inputs, hidden);
  NAME(add)(b1, 1, scratch + at.delta_sum, hidden);
  for (size_t c = 0; c < classes; c++)
    NAME(add)(W2 + c * hidden, 1, scratch + at.by_class_gradient + c * at.width, hidden);
  NAME(add)(b2, 1, scratch + at.bias_gradient, classes);
}

KERNEL sk_network_score NAME(network_pass)(const sk_network *network, const T *parameters,
                                           const uint8_t *images, const uint8_t *labels,
                                           const uint32_t *samples, size_t count, double weight, T *gradient,
                                           T *scratch) {
  size_t inputs = network->inputs, hidden = network->hidden, classes = network->classes;
  sk_network_layout at = sk_network_layout_of(network);
  uint32_t *index = (uint32_t *)(void *)(scratch + at.index);
  T *value = scratch + at.value, *z = scratch + at.active;
  sk_network_score score = {0, 0};
  NAME(prepare_pass)(network, parameters, at, scratch);

  for (size_t i = 0; i < count; i++) {
    size_t sample = samples ? samples[i] : i;
    if (samples && i + 1 < count)
      for (size_t k = 0; k < inputs; k += 64) __builtin_prefetch(images + samples[i + 1] * inputs + k);
    size_t label = labels[sample] < classes ? labels[sample] : 0;

    const uint8_t *image = images + sample * inputs;
    size_t pixels = NAME(list_pixels)(image, inputs, scratch + at.pixel_value, index, value);
    NAME(copy)(z, scratch + at.base, at.width);
    NAME(gather_rows)(z, parameters, hidden, pixels, index, value);
    double logits[16];
    NAME(finish_forward)(at, hidden, scratch, logits);
    size_t correct;
    score.loss += softmax_loss(logits, classes, label, &correct);
    score.correct += correct;

    if (!gradient) continue;
    for (size_t c = 0; c < classes; c++) scratch[at.logits + c] = (T)(weight * logits[c]);
    NAME(begin_backward)(at, classes, scratch);
    NAME(scatter_rows)(gradient, scratch + at.delta, hidden, pixels, index, value);
  }
  if (gradient) NAME(finish_pass)(network, at, scratch, gradient);
  return score;
}

#undef LANES
#undef LOAD
#undef STORE
#undef FOR_TILES
#undef WIDTH
