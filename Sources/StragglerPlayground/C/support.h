// SPDX-License-Identifier: Apache-2.0

// What Embedded Swift and the core need of a C library, for WebAssembly without one.
#ifndef PLAYGROUND_SUPPORT_H
#define PLAYGROUND_SUPPORT_H
#include <stddef.h>

/// Gives back everything that was allocated since the start: a page sets a run up anew, and has no more of
/// the last one.
void playground_forget(void);

/// Zeroed memory at a multiple of 64; null where there is no more.
void *playground_take(size_t bytes);

#endif
