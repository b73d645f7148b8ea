// SPDX-License-Identifier: Apache-2.0

// Vector kernels for one element type. Needs: T, V (64 bytes of T), V_UNALIGNED, NAME(x), LOAD8 (eight
// elements as doubles), ADD8 (adds eight doubles to elements, rounded to T first). Included once for each
// type.
#define LANES (64 / sizeof(T))
#define LOAD(p) (*(const V_UNALIGNED *)(p))
#define STORE(p, v) (*(V_UNALIGNED *)(p) = (v))

// A sum of TERM(x, y) over 16 lanes: eight in each of two accumulators. The tail is padded with zeros,
// which leave a lane as it is: a lane that starts at +0 never becomes −0.
#define SUM16(TERM, x, y, n)                                                                                 \
  do {                                                                                                       \
    v8d sum0 = splat(0), sum1 = splat(0);                                                                    \
    size_t i = 0;                                                                                            \
    for (; i + 16 <= (n); i += 16) {                                                                         \
      sum0 += TERM(LOAD8((x) + i), LOAD8((y) + i));                                                          \
      sum1 += TERM(LOAD8((x) + i + 8), LOAD8((y) + i + 8));                                                  \
    }                                                                                                        \
    if (i < (n)) {                                                                                           \
      T padded_x[16] = {0}, padded_y[16] = {0};                                                              \
      for (size_t l = 0; i + l < (n); l++) {                                                                 \
        padded_x[l] = (x)[i + l];                                                                            \
        padded_y[l] = (y)[i + l];                                                                            \
      }                                                                                                      \
      sum0 += TERM(LOAD8(padded_x), LOAD8(padded_y));                                                        \
      sum1 += TERM(LOAD8(padded_x + 8), LOAD8(padded_y + 8));                                                \
    }                                                                                                        \
    return sum8(sum0 + sum1);                                                                                \
  } while (0)

#define PRODUCT(a, b) ((a) * (b))
#define SQUARED_DIFFERENCE(a, b) (((a) - (b)) * ((a) - (b)))

KERNEL double NAME(dot)(const T *x, const T *y, size_t n) { SUM16(PRODUCT, x, y, n); }
KERNEL double NAME(squared_norm)(const T *x, size_t n) { SUM16(PRODUCT, x, x, n); }
KERNEL double NAME(squared_distance)(const T *x, const T *y, size_t n) { SUM16(SQUARED_DIFFERENCE, x, y, n); }

KERNEL void NAME(fill)(T *x, T a, size_t n) {
  V all;
  for (size_t l = 0; l < LANES; l++) all[l] = a;
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) STORE(x + i, all);
  for (; i < n; i++) x[i] = a;
}

KERNEL void NAME(copy)(T *y, const T *x, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) STORE(y + i, LOAD(x + i));
  for (; i < n; i++) y[i] = x[i];
}

KERNEL void NAME(scale)(T *x, T a, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) STORE(x + i, a * LOAD(x + i));
  for (; i < n; i++) x[i] = a * x[i];
}

KERNEL void NAME(add)(T *y, T a, const T *x, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) STORE(y + i, LOAD(y + i) + a * LOAD(x + i));
  for (; i < n; i++) y[i] = y[i] + a * x[i];
}

KERNEL void NAME(step)(T *z, const T *x, T gamma, const T *g, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) STORE(z + i, LOAD(x + i) - gamma * LOAD(g + i));
  for (; i < n; i++) z[i] = x[i] - gamma * g[i];
}

KERNEL double NAME(take_step)(T *z, const T *x, T gamma, T *g, size_t n) {
  const V zero = {0};
  v8d sum0 = splat(0), sum1 = splat(0);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    for (size_t l = 0; l < 16; l += LANES) {
      STORE(z + i + l, LOAD(x + i + l) - gamma * LOAD(g + i + l));
      STORE(g + i + l, zero);
    }
    v8d low = LOAD8(z + i), high = LOAD8(z + i + 8);
    sum0 += low * low;
    sum1 += high * high;
  }
  if (i < n) {
    T padded[16] = {0};
    for (size_t l = 0; i + l < n; l++) {
      padded[l] = z[i + l] = x[i + l] - gamma * g[i + l];
      g[i + l] = 0;
    }
    v8d low = LOAD8(padded), high = LOAD8(padded + 8);
    sum0 += low * low;
    sum1 += high * high;
  }
  return sum8(sum0 + sum1);
}

KERNEL void NAME(combine)(T *z, T a, const T *x, T b, const T *y, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) STORE(z + i, a * LOAD(x + i) + b * LOAD(y + i));
  for (; i < n; i++) z[i] = a * x[i] + b * y[i];
}

KERNEL void NAME(shift)(T *x, T a, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) STORE(x + i, LOAD(x + i) + a);
  for (; i < n; i++) x[i] = x[i] + a;
}

KERNEL void NAME(add_tridiagonal)(T *g, T a, const T *x, size_t n) {
  T left = -1;
  size_t i = 0;
  if (n > 1) {
    g[0] = g[0] + a * ((x[0] + x[0] - left - x[1]) * (T)0.25);
    for (i = 1; i + LANES < n; i += LANES) {
      V centre = LOAD(x + i);
      STORE(g + i, LOAD(g + i) + a * ((centre + centre - LOAD(x + i - 1) - LOAD(x + i + 1)) * (T)0.25));
    }
    for (; i + 1 < n; i++) g[i] = g[i] + a * ((x[i] + x[i] - x[i - 1] - x[i + 1]) * (T)0.25);
    left = x[n - 2];
  }
  if (n > 0) g[n - 1] = g[n - 1] + a * ((x[n - 1] + x[n - 1] - left - (T)0) * (T)0.25);
}

// y += scale * the normals that start at `counter`. The last group goes through a buffer.
KERNEL void NAME(add_normals)(T *y, size_t n, double scale, const uint32_t *key, const uint32_t *counter) {
  uint32_t block = counter[0];
  size_t i = 0;
  for (; i + 32 <= n; i += 32, block += 8) {
    normals z = draw_normals(key, block, counter);
    for (int j = 0; j < 4; j++) ADD8(y + i + 8 * j, scale * z.group[j]);
  }
  if (i < n) {
    normals z = draw_normals(key, block, counter);
    T padded[32] = {0};
    for (size_t l = 0; i + l < n; l++) padded[l] = y[i + l];
    for (int j = 0; j < 4; j++) ADD8(padded + 8 * j, scale * z.group[j]);
    for (size_t l = 0; i + l < n; l++) y[i + l] = padded[l];
  }
}

#undef LANES
#undef LOAD
#undef STORE
#undef SUM16
#undef PRODUCT
#undef SQUARED_DIFFERENCE
