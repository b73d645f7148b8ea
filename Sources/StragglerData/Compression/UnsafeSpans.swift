// SPDX-License-Identifier: Apache-2.0

extension Span where Element == UInt8 {
  /// The eight bytes at `offset` as a little-endian word.
  ///
  /// The bounds are checked.
  func word(at offset: Int) -> UInt64 {
    unsafe UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

extension MutableSpan where Element == UInt8 {
  /// Writes `length` bytes at `position` that repeat what is `distance` bytes before; source and
  /// destination may overlap. Up to seven bytes after them are overwritten too.
  ///
  /// Needs `1...position` for `distance` and `position + length + 7` at most `count`.
  mutating func repeatBytes(at position: Int, distance: Int, length: Int) {
    precondition(distance >= 1 && distance <= position && length >= 0 && length <= count - 7 - position)
    unsafe withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let destination = unsafe base + position
      let source = unsafe destination - distance
      if distance >= 8 {
        // Eight bytes a time never read what they have not written yet.
        var done = 0
        while done < length {
          let word = unsafe UnsafeRawPointer(source + done).loadUnaligned(as: UInt64.self)
          unsafe UnsafeMutableRawPointer(destination + done).storeBytes(of: word, as: UInt64.self)
          done += 8
        }
      } else if distance == 1 {
        unsafe destination.update(repeating: source.pointee, count: length)
      } else {
        for index in 0..<length { unsafe destination[index] = source[index] }
      }
    }
  }

  /// Writes `bytes` at `position`. The bounds are checked.
  mutating func copy(_ bytes: Span<UInt8>, to position: Int) {
    precondition(position >= 0 && bytes.count <= count - position)
    unsafe withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe bytes.withUnsafeBufferPointer { source in
        guard let start = source.baseAddress else { return }
        unsafe (base + position).update(from: start, count: source.count)
      }
    }
  }
}
