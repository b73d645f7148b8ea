// SPDX-License-Identifier: Apache-2.0

extension Scalar {
  /// Adds to `g` what `accumulate` adds up over `samples`, block by block.
  ///
  /// Rounding errors grow with the number of terms in a sum: blocks are summed up in `partial`, as long as
  /// `g`, first. A block has 256 samples, or more where the vectors are longer than that.
  static func addBlockwise(
    _ samples: Table<UInt32>, partial: Table<Self>, to g: inout MutableSpan<Self>,
    _ accumulate: (Table<UInt32>, inout MutableSpan<Self>) -> Void
  ) {
    let size = partial.count > 256 ? partial.count : 256
    var first = 0
    while first < samples.count {
      let end = samples.count - first > size ? first + size : samples.count
      partial.fill(0)
      var sums = unsafe partial.buffer.mutableSpan
      accumulate(samples[first..<end], &sums)
      Self.add(1, sums.span, to: &g)
      first = end
    }
  }
}
