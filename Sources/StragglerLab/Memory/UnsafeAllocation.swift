// SPDX-License-Identifier: Apache-2.0

internal import StragglerData

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// `bytes` bytes at a multiple of the arena's alignment; nil if there are none, where Swift's own allocation
/// would trap.
@unsafe
func allocateAligned(_ bytes: Int) -> UnsafeMutableRawPointer? {
  let isLarge = bytes >= 4 << 20
  var pointer: UnsafeMutableRawPointer?
  guard AvailableMemory.has(bytes),
    unsafe posix_memalign(&pointer, isLarge ? hugePage : 64, max(64, bytes)) == 0
  else { return nil }
  #if canImport(Glibc) || canImport(Musl)
    // Points of many jobs, and workers by the million, are read in no order: with small pages, finding the
    // page takes as long as the read. Where the system declines, nothing is lost.
    if isLarge { _ = unsafe madvise(pointer, bytes, MADV_HUGEPAGE) }
  #endif
  return unsafe pointer
}

private let hugePage = 2 << 20

@unsafe
func freeAligned(_ pointer: UnsafeMutableRawPointer?) { unsafe free(pointer) }
