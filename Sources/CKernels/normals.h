// SPDX-License-Identifier: Apache-2.0

// Standard normals: eight blocks of Philox 4x32-10 at once, and Box–Muller.
//
// Sources: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011);
// Box, Muller, "A note on the generation of random normal deviates" (1958).
#ifndef STRAGGLER_NORMALS_H
#define STRAGGLER_NORMALS_H
#include "elementary.h"

/// Four words of eight blocks, each word in the low half of its lane; the high halves are undefined.
typedef struct {
  v8u word[4];
} blocks;

/// 32 normals: numbers 8j … 8j+7 in group j.
typedef struct {
  v8d group[4];
} normals;

#define LOW32 0xFFFFFFFFu

/// The blocks with counters `first` … `first` + 7 (modulo 2^32) in word 0.
INLINE blocks philox8(const uint32_t *key, uint32_t first, const uint32_t *counter) {
  v8u c0 = first + (v8u){0, 1, 2, 3, 4, 5, 6, 7};
  v8u c1 = counter[1] - (v8u){0}, c2 = counter[2] - (v8u){0}, c3 = counter[3] - (v8u){0};
  uint32_t k0 = key[0], k1 = key[1];
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    v8u p0 = (c0 & LOW32) * 0xD2511F53u, p1 = (c2 & LOW32) * 0xCD9E8D57u;
    c0 = (p1 >> 32) ^ c1 ^ k0;
    c1 = p1;
    c2 = (p0 >> 32) ^ c3 ^ k1;
    c3 = p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return (blocks){{c0, c1, c2, c3}};
}

/// w + ½ of the low halves: exact.
INLINE v8d midpoint(v8u word) { return (v8d)((word & LOW32) | 0x4330000000000000) - (0x1p52 - 0.5); }

INLINE normals draw_normals(const uint32_t *key, uint32_t first, const uint32_t *counter) {
  blocks random = philox8(key, first, counter);
  normals z;
#pragma clang loop unroll(full)
  for (int pair = 0; pair < 2; pair++) {
    v8d radius = __builtin_elementwise_sqrt(-2 * log8(midpoint(random.word[2 * pair]), -32));
    v8d cosine, sine;
    turn8(midpoint(random.word[2 * pair + 1]) * 0x1p-30, &cosine, &sine);
    z.group[2 * pair] = radius * cosine;
    z.group[2 * pair + 1] = radius * sine;
  }
  return z;
}
#endif
