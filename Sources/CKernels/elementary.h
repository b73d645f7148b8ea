// SPDX-License-Identifier: Apache-2.0

// Elementary functions on eight doubles. Polynomials are minimax in relative error (Remez), evaluated by
// Horner's scheme: multiply, round, add, round.
#ifndef STRAGGLER_ELEMENTARY_H
#define STRAGGLER_ELEMENTARY_H
#include "vector.h"

#define POLYNOMIAL7(x, c0, c1, c2, c3, c4, c5, c6)                                                           \
  (c0 + (x) * (c1 + (x) * (c2 + (x) * (c3 + (x) * (c4 + (x) * (c5 + (x) * c6))))))

/// ln(x · 2^shift) for positive, normal x.
///
/// x = m · 2^e with m in [√½, √2), ln m = 2 artanh(f) with f = (m − 1)/(m + 1), |f| < 0.1716. For
/// shift = −e the result keeps its relative accuracy as x · 2^shift nears 1.
INLINE v8d log8(v8d x, double shift) {
  const uint64_t sqrt_half = 0x3FE6A09E667F3BCD, one = 0x3FF0000000000000;
  v8u moved = (v8u)x + (one - sqrt_half);
  // The biased exponent as the low bits of a double near 2^52.
  v8d exponent = (v8d)((moved >> 52) | 0x4330000000000000) - (0x1p52 + 1023 - shift);
  v8d m = (v8d)((moved & 0x000FFFFFFFFFFFFF) + sqrt_half);
  v8d f = (m - 1) / (m + 1);
  v8d s = f * f;
  v8d q = POLYNOMIAL7(s, 0x1.0000000000001p+1, 0x1.5555555552d12p-1, 0x1.999999a4411b1p-2,
                      0x1.249240b192f08p-2, 0x1.c722d07583f97p-3, 0x1.7322b5fa02f1dp-3, 0x1.58da8e9d115aap-3);
  return exponent * 0x1.62e42fefa39efp-1 + f * q;
}

#define POLYNOMIAL12(x, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11)                                    \
  (c0 +                                                                                                      \
   (x) * (c1 + (x) * (c2 + (x) * (c3 + (x) * (c4 + (x) * POLYNOMIAL7(x, c5, c6, c7, c8, c9, c10, c11))))))

/// e^x for x ≤ 709; 0 below −708. Nan gives nan.
INLINE v8d exp8(v8d x) {
  // x = n ln 2 + r, |r| ≤ ½ ln 2; the first part of ln 2 has so few bits that its product with n is exact.
  v8d n_bits = x * 0x1.71547652b82fep+0 + 0x1.8p52;
  v8d n = n_bits - 0x1.8p52;
  v8d r = (x - n * 0x1.62e42fee00000p-1) - n * 0x1.a39ef35793c76p-33;
  v8d p = POLYNOMIAL12(r, 0x1.0000000000000p+0, 0x1.0000000000000p+0, 0x1.0000000000010p-1,
                       0x1.55555555554a2p-3, 0x1.555555554f36fp-5, 0x1.1111111130da6p-7,
                       0x1.6c16c1878140ap-10, 0x1.a01a01106242ap-13, 0x1.a01992d07a5aap-16,
                       0x1.71df450b9721bp-19, 0x1.28b31245cb74cp-22, 0x1.ad663cb498005p-26);
  v8d scaled = (v8d)((v8u)p + ((v8u)n_bits << 52));
  return choose((v8i)(x < -708), splat(0), scaled);
}

/// The cosine and sine of `quarters` quarter turns, for 0 ≤ quarters < 2^51.
INLINE void turn8(v8d quarters, v8d *cosine, v8d *sine) {
  // Adding 1.5 · 2^52 rounds to the nearest integer, which is in the low bits.
  v8d rounded = quarters + 0x1.8p52;
  v8u quadrant = (v8u)rounded;
  v8d t = quarters - (rounded - 0x1.8p52);
  v8d s = t * t;
  v8d sin_t = t * POLYNOMIAL7(s, 0x1.921fb54442d18p+0, -0x1.4abbce625be41p-1, 0x1.466bc67758700p-4,
                              -0x1.32d2cce2d538ap-8, 0x1.50782fca3af0ap-13, -0x1.e30063a1b8c00p-19,
                              0x1.e3eed62bb5018p-25);
  v8d cos_t = POLYNOMIAL7(s, 0x1.fffffffffffffp-1, -0x1.3bd3cc9be4580p+0, 0x1.03c1f081affa4p-2,
                          -0x1.55d3c7db782edp-6, 0x1.e1f4fae0e90f1p-11, -0x1.a6c989827eda9p-16,
                          0x1.f3c92625fe55ep-22);
  v8i odd = (v8i)(0 - (quadrant & 1));
  *cosine = (v8d)((v8u)choose(odd, sin_t, cos_t) ^ ((quadrant + 1) & 2) << 62);
  *sine = (v8d)((v8u)choose(odd, cos_t, sin_t) ^ (quadrant & 2) << 62);
}
#endif
