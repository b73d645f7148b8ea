// SPDX-License-Identifier: Apache-2.0

/// Images of one size with a label each.
public struct ImageSet: Equatable, Sendable {
  /// The size of an image in pixels.
  public private(set) var rows = 28
  /// The size of an image in pixels.
  public private(set) var columns = 28
  /// Bytes in a pixel: 1 for grey, 3 for colours, which then follow each other plane by plane.
  public private(set) var channels = 1
  /// `count` × `width` bytes, image by image, row by row.
  public var images: [UInt8]
  /// `count` labels.
  public var labels: [UInt8]

  /// How many images there are.
  public var count: Int { labels.count }
  /// Bytes in an image.
  public var width: Int { rows * columns * channels }
  /// The size in words: `28×28`, `32×32×3`.
  public var shape: String { "\(rows)×\(columns)" + (channels == 1 ? "" : "×\(channels)") }

  /// The caller guarantees the shapes: `rows` · `columns` · `channels` bytes a label.
  public init(
    images: [UInt8] = [], labels: [UInt8] = [], rows: Int = 28, columns: Int = 28, channels: Int = 1
  ) {
    self.images = images
    self.labels = labels
    (self.rows, self.columns, self.channels) = (rows, columns, channels)
  }

  /// Swaps rows and columns of every image. O(bytes).
  mutating func transpose() {
    let (old, size) = (images, rows * columns)
    for plane in 0..<(size > 0 ? old.count / size : 0) {
      for row in 0..<rows {
        for column in 0..<columns {
          images[plane * size + column * rows + row] = old[plane * size + row * columns + column]
        }
      }
    }
    (rows, columns) = (columns, rows)
  }
}

/// Images to train with, and others to test with.
public struct ImageSets: Equatable, Sendable {
  /// The images to train with.
  public private(set) var training: ImageSet
  /// The images to measure the accuracy on; may be empty.
  public private(set) var test: ImageSet
  /// What was done besides reading the files.
  private var remarks: [String] = []

  /// Two sets, which the caller has made; `MNIST`, `CIFAR` and `DrawnDigits` make them too.
  public init(training: ImageSet, test: ImageSet) {
    self.training = training
    self.test = test
  }

  /// Whether all was taken as it is in the files.
  public var isPlain: Bool { remarks.isEmpty }

  /// How many classes there are: one more than the largest label.
  public var classes: Int { Int(max(training.labels.max() ?? 0, test.labels.max() ?? 0)) + 1 }

  /// What was taken, in a line: `60000 images of 28×28 in 10 classes, 10000 to test with`.
  public var reading: String {
    let size = "\(training.count) images of \(training.shape) in \(classes) classes"
    let tests = test.count == 0 ? "none to test with" : "\(test.count) to test with"
    return ([size, tests] + remarks).joined(separator: ", ")
  }

  mutating func remark(_ text: String) { remarks.append(text) }

  /// Swaps rows and columns of all images.
  mutating func transpose() {
    training.transpose()
    test.transpose()
    remark("rows and columns swapped")
  }

  /// Makes the smallest label class 0.
  mutating func countClassesFromZero() {
    let labels = training.labels + test.labels
    guard let first = labels.min(), let last = labels.max(), first > 0 else { return }
    for index in training.labels.indices { training.labels[index] -= first }
    for index in test.labels.indices { test.labels[index] -= first }
    remark("labels \(first) to \(last) taken as classes 0 to \(last - first)")
  }
}
