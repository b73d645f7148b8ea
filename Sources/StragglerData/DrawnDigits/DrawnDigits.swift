// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Digits drawn by the program, in the form of MNIST's pictures, so that nothing has to be downloaded.
///
/// White strokes on black, 28×28 pixels, centred by mass: for each digit a few ways to write it, loosened,
/// slanted, turned, bent, scaled and inked at random. A picture is a pure function of seed and index. They
/// are easier than MNIST and much less varied; a two-layer network should get most of them right, not all.
public enum DrawnDigits {
  /// Digits of `standard(seed:)` to train with.
  public static let standardTrainingCount = 6000
  /// Digits of `standard(seed:)` to test with.
  public static let standardTestCount = 1000
  /// The most pictures of a set.
  public static let limit = 1_000_000

  /// The 6,000 and 1,000 digits that belong to `seed`. About 0.1 s.
  public static func standard(seed: UInt64 = 0) -> ImageSets {
    ImageSets(
      training: draw(standardTrainingCount, from: 0, seed: seed),
      test: draw(standardTestCount, from: firstTestIndex, seed: seed))
  }

  /// Sets of other sizes, 0 to `limit`; smaller sets are beginnings of larger ones. O(pictures), about 15 µs
  /// each. Throws for other sizes.
  public static func sets(
    training: Int, test: Int, seed: UInt64 = 0
  ) throws(DataError) -> ImageSets {
    for (name, count) in [("training", training), ("test", test)] where count < 0 || count > limit {
      throw DataError("\(count) pictures for the \(name) set", remedy: "0 to \(limit) are possible")
    }
    return ImageSets(
      training: draw(training, from: 0, seed: seed), test: draw(test, from: firstTestIndex, seed: seed))
  }

  /// Where the test set's indices begin, beyond those of every training set.
  private static let firstTestIndex = 1 << 32

  private static func draw(_ count: Int, from first: Int, seed: UInt64) -> ImageSet {
    var digits = ImageSet()
    digits.images.reserveCapacity(count * digits.width)
    digits.labels.reserveCapacity(count)
    var handwriting = Handwriting()
    for index in first..<first + count {
      var stream = RandomStream(seed: seed, purpose: .data, worker: 0, job: index)
      let digit = stream.integer(below: 10)
      handwriting.draw(digit, &stream, into: &digits.images)
      digits.labels.append(UInt8(digit))
    }
    return digits
  }
}
