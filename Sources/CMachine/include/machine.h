// SPDX-License-Identifier: Apache-2.0

// What this processor can do at most, and a sink that a compiler cannot see through: for benchmarks.
#pragma once
#include <stddef.h>

/// Reads `count` doubles `times` times over. Their sum times `times`. `count` is a multiple of 64.
double machine_read(const double *x, size_t count, size_t times);

/// y ← y + x, `times` times over: two loads and a store for each number. `count` is a multiple of 64.
void machine_update(const double *x, double *y, size_t count, size_t times);

/// Rounds of independent multiplications with additions, in double or single precision, as wide as registers
/// are: how many operations that were, a multiplication and an addition being two.
double machine_compute_doubles(size_t rounds);
double machine_compute_floats(size_t rounds);

/// The compiler has to assume that what `memory` points to is read and changed here.
static inline void machine_use(void *memory) { __asm__ volatile("" : : "r"(memory) : "memory"); }

/// The compiler has to assume that `value` is needed.
static inline void machine_consume(double value) { __asm__ volatile("" : : "m"(value) : "memory"); }
