/// Pictures of digits with what they show.
public struct Digits: Equatable, Sendable {
  /// Pixels in a picture: 28 rows of 28.
  public static let width = 28 * 28

  /// `count` × 784 pixels, row-major; 0 is the black ground, 255 white ink.
  public var images: [UInt8]
  /// `count` labels from 0 to 9.
  public var labels: [UInt8]

  public var count: Int { labels.count }

  /// The caller answers for the shapes: 784 pixels a label, labels from 0 to 9.
  public init(images: [UInt8] = [], labels: [UInt8] = []) {
    self.images = images
    self.labels = labels
  }
}

/// Digits to train with, and others to test with.
public struct DigitSets: Equatable, Sendable {
  public var training: Digits
  public var test: Digits

  public init(training: Digits, test: Digits) {
    self.training = training
    self.test = test
  }
}
