// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

extension SparseSamples {
  /// Samples drawn by the program: `features` of `width` features in every row, at random places, with normal
  /// values, and labels drawn from a logistic model whose weights are normal. The same on every machine.
  ///
  /// At least one row and one feature, and at most 2²⁴ features: other numbers are moved to the bounds.
  /// Features are taken by selection sampling (Knuth, "The art of computer programming", volume 2, algorithm
  /// S). O(count · width).
  ///
  /// Where the `target` is a number it is the model's product with the row, and a normal number of a tenth.
  public static func synthetic(
    count: Int = 1_000, width: Int = 50, features: Int = 8, seed: UInt64 = 1,
    target: SampleFile.Target = .classes
  ) -> SparseSamples {
    var samples = SparseSamples()
    let width = min(max(1, width), 1 << 24)
    var stream = RandomStream(seed: seed, purpose: .data)
    let weights = (0..<width).map { _ in stream.normal() }
    for row in 0..<max(1, count) {
      var stream = RandomStream(seed: seed, purpose: .data, worker: row, job: 1)
      var (margin, wanted) = (0.0, min(max(1, features), width))
      for column in 0..<width where stream.uniform() * Double(width - column) < Double(wanted) {
        let value = stream.normal()
        samples.add(column: UInt32(column), value: value)
        margin += value * weights[column]
        wanted -= 1
      }
      if target == .numbers {
        samples.endRow(target: margin + 0.1 * stream.normal())
        continue
      }
      let probability = 1 / (1 + Elementary.exp(-margin))
      samples.endRow(label: stream.uniform() < probability ? 1 : 0)
    }
    return samples
  }
}
