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
  var pointer: UnsafeMutableRawPointer?
  guard AvailableMemory.has(bytes), unsafe posix_memalign(&pointer, 64, max(64, bytes)) == 0 else {
    return nil
  }
  return unsafe pointer
}

@unsafe
func freeAligned(_ pointer: UnsafeMutableRawPointer?) { unsafe free(pointer) }
