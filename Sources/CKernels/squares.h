// SPDX-License-Identifier: Apache-2.0

// Squared residuals of a linear model on sparse rows, for one element type, as described in kernels.h.
//
// A residual is summed in double precision in the order of the columns. Needs: T, NAME(x). Included once for
// each type.

INLINE double NAME(residual)(const sk_rows *rows, const double *targets, const T *x, uint32_t sample) {
  double sum = 0;
  for (ptrdiff_t i = rows->starts[sample]; i < rows->starts[sample + 1]; i++)
    sum += rows->values[i] * (double)x[rows->columns[i]];
  return targets ? sum - targets[sample] : sum;
}

KERNEL double NAME(square_loss)(const sk_rows *rows, const double *targets, const T *x,
                                const uint32_t *samples, size_t count) {
  v8d sum = splat(0);
  for (size_t first = 0; first < count; first += 8) {
    size_t lanes = count - first < 8 ? count - first : 8;
    double residual[8] = {0};
    for (size_t l = 0; l < lanes; l++)
      residual[l] = NAME(residual)(rows, targets, x, samples[first + l]);
    v8d r = load8_f64(residual);
    sum += r * r;
  }
  return sum8(sum);
}

KERNEL void NAME(add_square_gradient)(T *g, double weight, const sk_rows *rows, const double *targets,
                                      const T *x, const uint32_t *samples, size_t count) {
  for (size_t k = 0; k < count; k++) {
    uint32_t sample = samples[k];
    double c = weight * NAME(residual)(rows, targets, x, sample);
    for (ptrdiff_t i = rows->starts[sample]; i < rows->starts[sample + 1]; i++)
      g[rows->columns[i]] += (T)(c * rows->values[i]);
  }
}
