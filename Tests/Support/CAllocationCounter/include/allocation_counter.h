// SPDX-License-Identifier: Apache-2.0

// Counts what the calling thread allocates on the heap.
#pragma once
#include <stddef.h>

/// Whether this system lets itself be counted: with Glibc, where nothing else has replaced malloc.
int support_counts_allocations(void);

/// Counts from 0 on the calling thread, until `support_stop_counting`.
void support_start_counting(void);

/// The calls of malloc, calloc, realloc, aligned_alloc, posix_memalign and memalign since the start.
size_t support_stop_counting(void);
