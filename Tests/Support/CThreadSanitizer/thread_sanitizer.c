// SPDX-License-Identifier: Apache-2.0

// Where a lock is free, Swift's `Mutex` takes it in code of its caller, which the thread sanitizer watches.
// Where it is not, the library Synchronization does, which the sanitizer does not watch: whatever happened
// under the lock would seem to race with what happens next. The program's symbols go before those of shared
// libraries; these call the library's and say what they did.
#include "thread_sanitizer.h"

#if defined(__linux__) && defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

extern void __tsan_acquire(void *);
extern void __tsan_release(void *);

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *mutex

SWIFT void support_lock(uint32_t thread, SELF) __asm__(LOCK);
SWIFT bool support_try_lock(SELF) __asm__(TRY_LOCK);
SWIFT void support_unlock(SELF) __asm__(UNLOCK);

static SWIFT void (*lock)(uint32_t, SELF);
static SWIFT bool (*try_lock)(SELF);
static SWIFT void (*unlock)(SELF);

__attribute__((constructor)) static void find(void) {
  lock = dlsym(RTLD_NEXT, LOCK);
  try_lock = dlsym(RTLD_NEXT, TRY_LOCK);
  unlock = dlsym(RTLD_NEXT, UNLOCK);
}

SWIFT void support_lock(uint32_t thread, SELF) {
  lock(thread, mutex);
  __tsan_acquire(mutex);
}

SWIFT bool support_try_lock(SELF) {
  bool is_locked = try_lock(mutex);
  if (is_locked) __tsan_acquire(mutex);
  return is_locked;
}

SWIFT void support_unlock(SELF) {
  __tsan_release(mutex);
  unlock(mutex);
}
#endif
#endif
