// SPDX-License-Identifier: Apache-2.0

#include "support.h"
#include <stdint.h>

extern unsigned char __heap_base;

enum { page = 65536 };

static uintptr_t top;

/// The next bytes behind what has been given out, with the memory grown where it is too small.
static void *take(size_t alignment, size_t bytes) {
  if (top == 0) top = (uintptr_t)&__heap_base;
  uintptr_t start = (top + alignment - 1) & ~(uintptr_t)(alignment - 1);
  if (start < top || bytes > UINTPTR_MAX - start) return NULL;
  uintptr_t end = start + bytes;
  uintptr_t size = (uintptr_t)__builtin_wasm_memory_size(0) * page;
  if (end > size) {
    uintptr_t pages = (end - size + page - 1) / page;
    if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX) return NULL;
  }
  top = end;
  return (void *)start;
}

void playground_forget(void) { top = (uintptr_t)&__heap_base; }

void *playground_take(size_t bytes) {
  void *start = take(64, bytes);
  if (start != NULL) __builtin_memset(start, 0, bytes);
  return start;
}

// Swift's objects. Nothing is given back one by one.

int posix_memalign(void **result, size_t alignment, size_t bytes) {
  void *start = take(alignment < 16 ? 16 : alignment, bytes);
  if (start == NULL) return 12;
  *result = start;
  return 0;
}

void free(void *piece) { (void)piece; }

/// Seeds the hash values that the compiler makes for every enum; nothing calls them.
void arc4random_buf(void *bytes, size_t count) { __builtin_memset(bytes, 0, count); }

uintptr_t __stack_chk_guard = 0x5bd1e995;

__attribute__((noreturn)) void __stack_chk_fail(void) { __builtin_trap(); }

/// To the nearest whole number, of two to the one that is farther from 0.
double round(double x) {
  double whole = __builtin_trunc(x);
  if (__builtin_fabs(x - whole) >= 0.5) whole += __builtin_copysign(1.0, x);
  return __builtin_copysign(whole, x);
}

float roundf(float x) {
  float whole = __builtin_truncf(x);
  if (__builtin_fabsf(x - whole) >= 0.5f) whole += __builtin_copysignf(1.0f, x);
  return __builtin_copysignf(whole, x);
}

// Loops and no calls: the compiler must not make these of themselves.

__attribute__((no_builtin("memcpy", "memmove"))) void *memmove(void *to, const void *from, size_t count) {
  __asm__ volatile("local.get %0\nlocal.get %1\nlocal.get %2\nmemory.copy 0, 0"
                   :
                   : "r"(to), "r"(from), "r"(count)
                   : "memory");
  return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t count) { return memmove(to, from, count); }

__attribute__((no_builtin("memset"))) void *memset(void *to, int byte, size_t count) {
  __asm__ volatile("local.get %0\nlocal.get %1\nlocal.get %2\nmemory.fill 0"
                   :
                   : "r"(to), "r"(byte), "r"(count)
                   : "memory");
  return to;
}
