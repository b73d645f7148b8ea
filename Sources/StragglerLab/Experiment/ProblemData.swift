public import StragglerCore

/// The data of a problem, loaded once and shared by all runs.
public final class ProblemData: Sendable {
  private let storage: [OwnedTable<UInt8>]
  @usableFromInline let training: LabelledImages
  @usableFromInline let test: LabelledImages

  /// No data.
  public static let none = ProblemData(training: ([], []), test: ([], []), width: 0)

  /// Rows of `width` bytes with their labels.
  public init(
    training: (images: [UInt8], labels: [UInt8]), test: (images: [UInt8], labels: [UInt8]), width: Int
  ) {
    let tables = [training.images, training.labels, test.images, test.labels].map { OwnedTable($0) }
    storage = tables
    self.training = LabelledImages(images: tables[0].table, labels: tables[1].table, width: width)
    self.test = LabelledImages(images: tables[2].table, labels: tables[3].table, width: width)
  }
}
