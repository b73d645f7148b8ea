// SPDX-License-Identifier: Apache-2.0

// The functions of the C library that allocate, replaced for the whole test program by ones that count and
// then do what the library's do. The program's symbols go before those of shared libraries, so that Swift's
// runtime and Foundation are counted too. A sanitizer has replaced them already, and calls the hooks that are
// registered with it.
#include "allocation_counter.h"
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

// Initialised with the thread, so that reading it allocates nothing.
static _Thread_local size_t count;
static _Thread_local int is_counting;
static _Thread_local int is_reached;

void support_start_counting(void) {
  count = 0;
  is_counting = 1;
}

size_t support_stop_counting(void) {
  is_counting = 0;
  return count;
}

int support_counts_allocations(void) {
  is_reached = 0;
  void *volatile memory = malloc(1);
  free(memory);
  return is_reached;
}

static void note(void) {
  is_reached = 1;
  if (is_counting) count++;
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER
#endif
#endif

#if defined(HAS_SANITIZER)
extern int __sanitizer_install_malloc_and_free_hooks(
  void (*allocated)(const volatile void *, size_t), void (*freed)(const volatile void *));

static void note_memory(const volatile void *memory, size_t size) {
  (void)memory;
  (void)size;
  note();
}

static void ignore(const volatile void *memory) { (void)memory; }

__attribute__((constructor)) static void install(void) {
  __sanitizer_install_malloc_and_free_hooks(note_memory, ignore);
}

#elif defined(__GLIBC__)
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) {
  note();
  return __libc_malloc(size);
}

void *calloc(size_t items, size_t size) {
  note();
  return __libc_calloc(items, size);
}

void *realloc(void *memory, size_t size) {
  note();
  return __libc_realloc(memory, size);
}

void *memalign(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  note();
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  note();
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void *result = __libc_memalign(alignment, size);
  if (result == NULL) return ENOMEM;
  *memory = result;
  return 0;
}

// Replaced with the others: a library that finds one of them replaced may expect all to be.
void free(void *memory) { __libc_free(memory); }
#endif
