// SPDX-License-Identifier: Apache-2.0

// Binary logistic regression on sparse rows, and the nonconvex regulariser, for one element type, as
// described in kernels.h.
//
// Samples are taken eight at a time: eight margins, one for each lane of the exponential, then the gradients
// in the samples' order. Needs: T, V_UNALIGNED, LOAD8, ADD8, NAME(x). Included once for each type.

/// y · aᵀx of samples[0 … count), in double precision, in the order of the columns; 0 in the other lanes.
INLINE v8d NAME(margins)(const sk_rows *rows, const T *x, const uint32_t *samples, size_t count) {
  double margin[8] = {0};
  for (size_t l = 0; l < count; l++) {
    double sum = 0;
    for (ptrdiff_t i = rows->starts[samples[l]]; i < rows->starts[samples[l] + 1]; i++)
      sum += rows->values[i] * (double)x[rows->columns[i]];
    margin[l] = rows->labels[samples[l]] ? sum : -sum;
  }
  return load8_f64(margin);
}

KERNEL double NAME(logistic_loss)(const sk_rows *rows, const T *x, const uint32_t *samples, size_t count) {
  v8d sum = splat(0);
  for (size_t first = 0; first < count; first += 8) {
    size_t lanes = count - first < 8 ? count - first : 8;
    v8d z = NAME(margins)(rows, x, samples + first, lanes), loss = logistic_loss8(z);
    for (size_t l = lanes; l < 8; l++) loss[l] = 0;
    sum += loss;
  }
  return sum8(sum);
}

KERNEL void NAME(add_logistic_gradient)(T *g, double weight, const sk_rows *rows, const T *x,
                                        const uint32_t *samples, size_t count) {
  for (size_t first = 0; first < count; first += 8) {
    size_t lanes = count - first < 8 ? count - first : 8;
    v8d slope = logistic_slope8(NAME(margins)(rows, x, samples + first, lanes));
    for (size_t l = 0; l < lanes; l++) {
      uint32_t sample = samples[first + l];
      double c = (rows->labels[sample] ? weight : -weight) * slope[l];
      for (ptrdiff_t i = rows->starts[sample]; i < rows->starts[sample + 1]; i++)
        g[rows->columns[i]] += (T)(c * rows->values[i]);
    }
  }
}

/// x²/(1 + x²), and its limit 1 where x² overflows.
INLINE v8d NAME(bounded)(v8d x) {
  v8d square = x * x;
  return choose((v8i)(square == __builtin_inf()), splat(1), square / (1 + square));
}

KERNEL double NAME(bounded_sum)(const T *x, size_t n) {
  v8d sum0 = splat(0), sum1 = splat(0);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    sum0 += NAME(bounded)(LOAD8(x + i));
    sum1 += NAME(bounded)(LOAD8(x + i + 8));
  }
  if (i < n) {
    T padded[16] = {0};
    for (size_t l = 0; i + l < n; l++) padded[l] = x[i + l];
    sum0 += NAME(bounded)(LOAD8(padded));
    sum1 += NAME(bounded)(LOAD8(padded + 8));
  }
  return sum8(sum0 + sum1);
}

KERNEL void NAME(add_bounded_gradient)(T *g, double a, const T *x, size_t n) {
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    v8d at = LOAD8(x + i), base = 1 + at * at;
    ADD8(g + i, 2 * a * at / (base * base));
  }
  for (; i < n; i++) {
    double at = (double)x[i], base = 1 + at * at;
    g[i] += (T)(2 * a * at / (base * base));
  }
}
