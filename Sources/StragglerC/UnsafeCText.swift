// SPDX-License-Identifier: Apache-2.0

/// A text as C has it: its bytes in UTF-8, which stay where they are, and a zero byte behind them.
@safe
final class CText: @unchecked Sendable {
  let pointer: UnsafePointer<CChar>

  init(_ text: String) {
    let bytes = Array(text.utf8)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { unsafe (copy + index).initialize(to: CChar(bitPattern: byte)) }
    unsafe (copy + bytes.count).initialize(to: 0)
    unsafe pointer = UnsafePointer(copy)
  }

  deinit { unsafe pointer.deallocate() }
}
