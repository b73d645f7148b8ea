// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerData

@Suite struct DrawnDigitsTests {
  static let sets = try? DrawnDigits.sets(training: 600, test: 300, seed: 7)

  @Test func shapes() throws {
    let sets = try #require(Self.sets)
    #expect(sets.training.labels.count == 600)
    #expect(sets.training.images.count == 600 * 784)
    #expect(sets.test.labels.count == 300)
    #expect(sets.test.images.count == 300 * 784)
    #expect(sets.training.labels.allSatisfy { $0 <= 9 })
  }

  /// Every digit comes up as often as a fair draw lets it: |z| below 4.5.
  @Test func labelsAreUniform() throws {
    let labels = try #require(Self.sets).training.labels
    let n = Double(labels.count)
    let deviation = (n * 0.1 * 0.9).squareRoot()
    for digit: UInt8 in 0..<10 {
      let count = Double(labels.count { $0 == digit })
      #expect(abs(count - n / 10) < 4.5 * deviation)
    }
  }

  @Test func sameSeedSameBytes() throws {
    let again = try DrawnDigits.sets(training: 600, test: 300, seed: 7)
    #expect(again == Self.sets)
    let other = try DrawnDigits.sets(training: 600, test: 300, seed: 8)
    #expect(other.training.images != again.training.images)
    #expect(other.training.labels != again.training.labels)
  }

  /// A picture depends on seed and index alone: smaller sets begin larger ones, and the sets do not overlap.
  @Test func sizesChangeNothing() throws {
    let sets = try #require(Self.sets)
    let small = try DrawnDigits.sets(training: 20, test: 30, seed: 7)
    #expect(small.training.labels == Array(sets.training.labels.prefix(20)))
    #expect(small.training.images == Array(sets.training.images.prefix(20 * 784)))
    #expect(small.test.images == Array(sets.test.images.prefix(30 * 784)))
    #expect(small.test.images.prefix(784) != small.training.images.prefix(784))
  }

  @Test func refusesImpossibleSizes() throws {
    #expect(throws: DataError.self) { try DrawnDigits.sets(training: -1, test: 1) }
    #expect(throws: DataError.self) { try DrawnDigits.sets(training: 1, test: .max) }
    #expect(try DrawnDigits.sets(training: 0, test: 0) == ImageSets(training: ImageSet(), test: ImageSet()))
  }

  /// Against measurements of MNIST's training pictures: the mean pixel is 33, the ink of a picture is between
  /// 5,000 and 80,000, its centre in the middle, and the outermost frame is empty in 98.6 % of them.
  @Test func picturesLookLikeMNIST() throws {
    let images = try #require(Self.sets).training.images
    var (total, framed) = (0, 0)
    let frame = (0..<28).flatMap { [$0, 756 + $0, 28 * $0, 28 * $0 + 27] }
    for start in stride(from: 0, to: images.count, by: 784) {
      var (mass, right, down) = (0, 0, 0)
      for index in 0..<784 {
        let pixel = Int(images[start + index])
        mass += pixel
        right += pixel * (index % 28)
        down += pixel * (index / 28)
      }
      total += mass
      let centre = SIMD2(Double(right), Double(down)) / Double(mass) - 13.5
      let isSound = (4_000...80_000).contains(mass) && abs(centre.x) < 2.5 && abs(centre.y) < 2.5
      if !isSound { Issue.record("picture \(start / 784): ink \(mass) centred at \(centre)") }
      if frame.allSatisfy({ images[start + $0] == 0 }) { framed += 1 }
    }
    #expect((20...40).contains(Double(total) / Double(images.count)))
    #expect(framed > images.count / 784 * 9 / 10)
  }

  /// The nearest mean picture names most digits, far more than the tenth that guessing would, and not all.
  @Test func classesDifferButNotTrivially() throws {
    let sets = try #require(Self.sets)
    var (sums, counts) = (
      [[Double]](repeating: [Double](repeating: 0, count: 784), count: 10), [Double](repeating: 0, count: 10)
    )
    for (index, label) in sets.training.labels.enumerated() {
      counts[Int(label)] += 1
      for pixel in 0..<784 { sums[Int(label)][pixel] += Double(sets.training.images[index * 784 + pixel]) }
    }
    let means = zip(sums, counts).map { sum, count in sum.map { $0 / count } }
    var right = 0
    for (index, label) in sets.test.labels.enumerated() {
      let distances = means.map { mean in
        (0..<784).reduce(0.0) {
          let difference = mean[$1] - Double(sets.test.images[index * 784 + $1])
          return $0 + difference * difference
        }
      }
      if distances.indices.min(by: { distances[$0] < distances[$1] }) == Int(label) { right += 1 }
    }
    let share = Double(right) / Double(sets.test.count)
    #expect(share > 0.5 && share < 0.95)
  }

  /// Every way of writing every digit is inside its box and can be drawn.
  @Test func skeletonsAreSound() {
    #expect(Skeleton.all.count == 10)
    for skeleton in Skeleton.all.flatMap({ $0 }) {
      #expect(skeleton.points.allSatisfy { (0...1).contains($0.x) && (0...1).contains($0.y) })
      #expect(
        skeleton.strokes.allSatisfy { $0.count >= 2 && $0.allSatisfy(skeleton.points.indices.contains) })
      #expect(Set(skeleton.strokes.joined()) == Set(skeleton.points.indices))
    }
  }

  /// Same seed, same bytes: also on other machines and in other builds. A change of the drawing has to change
  /// this number, and makes results on drawn digits incomparable with earlier ones.
  @Test func sameBytesEverywhere() throws {
    let sets = try #require(Self.sets)
    #expect(CRC32.checksum(sets.training.images + sets.test.images) == 202_204_594)
  }
}
