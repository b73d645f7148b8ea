// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// Gives `body` an arena of a megabyte, or more.
@discardableResult
func withArena<Result>(bytes: Int = 1 << 20, _ body: (inout Arena) throws -> Result) rethrows -> Result {
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: Arena.alignment)
  defer { memory.deallocate() }
  var arena = Arena(memory)
  return try body(&arena)
}
