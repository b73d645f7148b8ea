// Softmax regression for one element type, as described in kernels.h.
//
// Needs what network.h needs, and its functions on rows. Included once for each type.

KERNEL sk_network_score NAME(softmax_pass)(size_t inputs, size_t classes, double slope, const T *parameters,
                                           const uint8_t *images, const uint8_t *labels,
                                           const uint32_t *samples, size_t count, double weight, T *gradient,
                                           T *scratch) {
  T *pixel_value = scratch, *value = pixel_value + 256, *z = value + inputs;
  uint32_t *index = (uint32_t *)(void *)(z + 16);
  const T *bias = parameters + inputs * classes;
  sk_network_score score = {0, 0};
  for (size_t byte = 0; byte < 256; byte++) pixel_value[byte] = (T)(slope * (double)byte);

  for (size_t i = 0; i < count; i++) {
    size_t sample = samples ? samples[i] : i;
    if (samples && i + 1 < count)
      for (size_t k = 0; k < inputs; k += 64) __builtin_prefetch(images + samples[i + 1] * inputs + k);
    size_t label = labels[sample] < classes ? labels[sample] : 0;

    size_t pixels = NAME(list_pixels)(images + sample * inputs, inputs, pixel_value, index, value);
    for (size_t c = 0; c < classes; c++) z[c] = bias[c];
    NAME(gather_rows)(z, parameters, classes, pixels, index, value);
    double logits[16];
    for (size_t c = 0; c < classes; c++) logits[c] = (double)z[c];
    size_t correct;
    score.loss += softmax_loss(logits, classes, label, &correct);
    score.correct += correct;

    if (!gradient) continue;
    for (size_t c = 0; c < classes; c++) z[c] = (T)(weight * logits[c]);
    NAME(scatter_rows)(gradient, z, classes, pixels, index, value);
    for (size_t c = 0; c < classes; c++) gradient[inputs * classes + c] += z[c];
  }
  return score;
}
