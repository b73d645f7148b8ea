/// Pictures of digits with their labels.
public struct Digits: Equatable, Sendable {
  /// Pixels in a picture: 28 rows of 28.
  public static let width = 28 * 28

  /// `count` × 784 pixels, row-major; 0 is the black ground, 255 white ink.
  public var images: [UInt8]
  /// `count` labels from 0 to 9.
  public var labels: [UInt8]

  /// How many pictures there are.
  public var count: Int { labels.count }

  /// The caller guarantees the shapes: 784 pixels a label, labels from 0 to 9.
  public init(images: [UInt8] = [], labels: [UInt8] = []) {
    self.images = images
    self.labels = labels
  }
}

/// Digits to train with, and others to test with.
public struct DigitSets: Equatable, Sendable {
  /// The digits to train with.
  public var training: Digits
  /// The digits to measure the accuracy on; may be empty.
  public var test: Digits

  /// Two sets, which the caller has made; `MNIST` and `DrawnDigits` make them too.
  public init(training: Digits, test: Digits) {
    self.training = training
    self.test = test
  }
}
