// SPDX-License-Identifier: Apache-2.0

// Which level's kernels run.
#include "layers_layout.h"
#include "network_layout.h"
#include "table.h"

enum { baseline, avx2, avx512 };

static const sk_table *const tables[] = {
    &sk_baseline_kernels,
#if defined(__x86_64__)
    &sk_avx2_kernels,
    &sk_avx512_kernels,
#endif
};

static const sk_table *active = &sk_baseline_kernels;
static int active_level = baseline;

int sk_highest_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
    return avx512;
  if (__builtin_cpu_supports("avx2")) return avx2;
#endif
  return baseline;
}

int sk_level(void) { return __atomic_load_n(&active_level, __ATOMIC_RELAXED); }

int sk_select_level(int level) {
  int highest = sk_highest_level();
  if (level > highest) level = highest;
  if (level < baseline) level = baseline;
  __atomic_store_n(&active, tables[level], __ATOMIC_RELAXED);
  __atomic_store_n(&active_level, level, __ATOMIC_RELAXED);
  return level;
}

const char *sk_level_name(int level) {
  switch (level) {
  case baseline: return "baseline";
  case avx2: return "avx2";
  case avx512: return "avx512";
  default: return "unknown";
  }
}

__attribute__((constructor)) static void select_highest_level(void) { sk_select_level(avx512); }

#define FORWARD(result, name, parameters, arguments)                                                         \
  result sk_##name parameters { return __atomic_load_n(&active, __ATOMIC_RELAXED)->name arguments; }
SK_KERNELS(FORWARD)

size_t sk_network_scratch(const sk_network *network) { return sk_network_layout_of(network).total; }

size_t sk_layers_scratch(const sk_layers *layers) { return sk_layers_layout_of(layers).total; }
