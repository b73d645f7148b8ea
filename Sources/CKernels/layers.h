// SPDX-License-Identifier: Apache-2.0

// Forward and backward pass of a network of any number of layers for one element type, as described in
// kernels.h. Without hidden layers it is softmax regression.
//
// A sample at a time: each layer takes the list of its inputs that are not 0, and so works on whole rows of
// its weights alone. Of images, and behind max(z, 0), half of the inputs and more are 0.
//
// Needs what network.h needs, and its functions on rows; LOAD8. Included once for each type.

#define LANES (64 / sizeof(T))
#define LOAD(p) (*(const V_UNALIGNED *)(p))

/// Σ x_i y_i in lanes, which are then added pairwise, and the rest in order.
INLINE T NAME(row_dot)(const T *x, const T *y, size_t n) {
  V sums = {0};
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) sums += LOAD(x + i) * LOAD(y + i);
  for (size_t width = LANES / 2; width; width /= 2)
    for (size_t l = 0; l < width; l++) sums[l] += sums[l + width];
  T sum = sums[0];
  for (; i < n; i++) sum += x[i] * y[i];
  return sum;
}

/// a and its derivative by z, of eight units.
INLINE void NAME(activate8)(int activation, v8d z, v8d *a, v8d *derivative) {
  if (activation == sk_relu) {
    // Nan stays nan.
    v8i is_off = (v8i)(z <= 0);
    *a = choose(is_off, splat(0), z);
    *derivative = choose(is_off, splat(0), splat(1));
    return;
  }
  const double c = 0x1.9884533d43651p-1, cubic = 0.044715;  // √(2/π)
  v8d u = activation == sk_gelu ? c * (z + cubic * z * z * z) : z;
  v8d twice = choose((v8i)(u > 350), splat(700), u + u);
  v8d e = exp8(twice);
  v8d t = (e - 1) / (e + 1);
  if (activation == sk_tanh) {
    *a = t;
    *derivative = 1 - t * t;
    return;
  }
  *a = 0.5 * z * (1 + t);
  *derivative = 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * (c * (1 + 3 * cubic * z * z));
}

/// Puts the units' derivatives by z in `derivative`, and lists the units that are not 0. Returns how many.
INLINE size_t NAME(activate)(int activation, const T *z, size_t n, T *derivative, uint32_t *index, T *value) {
  size_t count = 0;
  for (size_t first = 0; first < n; first += 8) {
    T padded[8] = {0};
    size_t lanes = n - first < 8 ? n - first : 8;
    for (size_t l = 0; l < lanes; l++) padded[l] = z[first + l];
    v8d a, d;
    NAME(activate8)(activation, LOAD8(padded), &a, &d);
    for (size_t l = 0; l < lanes; l++) {
      T unit = (T)a[l];
      derivative[first + l] = (T)d[l];
      index[count] = (uint32_t)(first + l);
      value[count] = unit;
      count += unit != 0;
    }
  }
  return count;
}

/// Lists a sample's features that are not 0. Returns how many.
INLINE size_t NAME(list_features)(const sk_samples *samples, size_t sample, const T *table, uint32_t *index,
                                  T *value) {
  if (samples->bytes)
    return NAME(list_pixels)(samples->bytes + sample * samples->width, samples->width, table, index, value);
  ptrdiff_t start = samples->starts[sample];
  size_t count = (size_t)(samples->starts[sample + 1] - start);
  for (size_t i = 0; i < count; i++) {
    index[i] = samples->columns[start + (ptrdiff_t)i];
    value[i] = (T)samples->values[start + (ptrdiff_t)i];
  }
  return count;
}

KERNEL sk_network_score NAME(layers_pass)(const sk_layers *layers, const T *parameters,
                                          const sk_samples *samples, const uint32_t *list, size_t count,
                                          double weight, T *gradient, T *scratch) {
  size_t last = layers->count - 1, classes = layers->sizes[layers->count];
  sk_layers_layout at = sk_layers_layout_of(layers);
  double *logits = (double *)(void *)(scratch + at.logits);
  sk_network_score score = {0, 0};
  // Where each layer's weights begin, and the numbers of inputs of the present sample.
  size_t start[sk_hidden_limit + 1], listed[sk_hidden_limit + 1];
  for (size_t l = 0, next = 0; l <= last; l++) {
    start[l] = next;
    next += (layers->sizes[l] + 1) * layers->sizes[l + 1];
  }
#define INDEX(l) ((uint32_t *)(void *)(scratch + at.layer[l].index))
#define VALUE(l) (scratch + at.layer[l].value)
#define BIAS(p, l) ((p) + start[l] + layers->sizes[l] * layers->sizes[l + 1])

  // What is the same for all samples: the values of bytes, and the first layer's z of an image of zeros.
  size_t first = layers->sizes[1];
  T offset = samples->bytes ? (T)samples->offset : 0, *base = scratch + at.base;
  T *delta_sum = scratch + at.delta_sum;
  for (size_t byte = 0; samples->bytes && byte < 256; byte++)
    scratch[at.pixel_value + byte] = (T)(samples->slope * (double)byte);
  for (size_t j = 0; j < first; j++) base[j] = delta_sum[j] = 0;
  if (offset != 0) NAME(sum_rows)(base, parameters, layers->sizes[0], first);
  for (size_t j = 0; j < first; j++) base[j] = BIAS(parameters, 0)[j] + offset * base[j];

  for (size_t i = 0; i < count; i++) {
    size_t sample = list ? list[i] : i;
    if (samples->bytes && list && i + 1 < count)
      for (size_t k = 0; k < samples->width; k += 64)
        __builtin_prefetch(samples->bytes + list[i + 1] * samples->width + k);
    size_t label = samples->labels[sample] < classes ? samples->labels[sample] : 0;

    listed[0] = NAME(list_features)(samples, sample, scratch + at.pixel_value, INDEX(0), VALUE(0));
    for (size_t l = 0; l <= last; l++) {
      size_t outputs = layers->sizes[l + 1];
      T *z = scratch + at.layer[l].z;
      NAME(copy)(z, l == 0 ? base : BIAS(parameters, l), outputs);
      NAME(gather_rows)(z, parameters + start[l], outputs, listed[l], INDEX(l), VALUE(l));
      if (l < last)
        listed[l + 1] = NAME(activate)(layers->activation, z, outputs, scratch + at.layer[l].derivative,
                                       INDEX(l + 1), VALUE(l + 1));
    }
    for (size_t c = 0; c < classes; c++) logits[c] = (double)scratch[at.layer[last].z + c];
    size_t correct;
    score.loss += softmax_loss_of_any(logits, classes, label, &correct);
    score.correct += correct;

    if (!gradient) continue;
    T *delta = scratch + at.layer[last].delta;
    for (size_t c = 0; c < classes; c++) delta[c] = (T)(weight * logits[c]);
    for (size_t l = last;; l--) {
      size_t outputs = layers->sizes[l + 1];
      NAME(scatter_rows)(gradient + start[l], delta, outputs, listed[l], INDEX(l), VALUE(l));
      NAME(add)(BIAS(gradient, l), 1, delta, outputs);
      if (l == 0) break;
      T *before = scratch + at.layer[l - 1].delta;
      const T *derivative = scratch + at.layer[l - 1].derivative, *W = parameters + start[l];
      for (size_t j = 0; j < layers->sizes[l]; j++)
        before[j] = derivative[j] == 0 ? 0 : derivative[j] * NAME(row_dot)(W + j * outputs, delta, outputs);
      delta = before;
    }
    if (offset != 0) NAME(add)(delta_sum, 1, delta, first);
  }
  if (gradient && offset != 0) NAME(add_to_rows)(gradient, offset, delta_sum, layers->sizes[0], first);
#undef INDEX
#undef VALUE
#undef BIAS
  return score;
}

#undef LANES
#undef LOAD
