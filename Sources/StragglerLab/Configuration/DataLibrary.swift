internal import StragglerCore
internal import StragglerData
internal import Synchronization

/// The data that problems have asked for, loaded once however many runs use it.
public final class DataLibrary: Sendable {
  private let loaded = Mutex<[String: ProblemData]>([:])
  private let resolve: @Sendable (String) -> String

  /// A library that finds folders with `resolve`, which gets a path as it was written.
  public init(resolve: @escaping @Sendable (String) -> String = { $0 }) { self.resolve = resolve }

  /// The keys that say which data a problem on digits uses.
  static let keys = [
    Key(
      "data", .word, words: ["synthetic", "mnist"], "digits drawn by the program, or MNIST's files",
      standard: "synthetic"),
    Key("folder", .path, "where MNIST's four files are, plain or .gz", standard: "."),
  ]

  /// Loads what the keys `data` and `folder` name, and takes them out of `settings`.
  func take(from settings: inout Settings) throws(LabError) -> ProblemData {
    let data = settings.removeValue(forKey: "data") ?? .word("synthetic")
    let folder = settings.removeValue(forKey: "folder")
    switch data {
    case .word("synthetic"), .word("auto"):
      if folder != nil {
        throw LabError(
          "folder= is for files, and the digits are drawn by the program", remedy: "give data=mnist too",
          key: "folder")
      }
      return load("synthetic") { ProblemData(DrawnDigits.standard()) }
    case .word("mnist"):
      guard case .word(let written) = folder ?? .word(".") else {
        throw LabError("the value of folder= is out of range", remedy: "folder= takes a path", key: "folder")
      }
      let path = resolve(written)
      do throws(DataError) {
        return try load("mnist " + path) { () throws(DataError) in ProblemData(try MNIST.load(folder: path)) }
      } catch {
        throw LabError(error.description, key: folder == nil ? "data" : "folder")
      }
    default:
      throw LabError(
        "the value of data= is out of range", remedy: "data= takes synthetic or mnist", key: "data")
    }
  }

  private func load<Failure>(
    _ name: String, _ body: () throws(Failure) -> ProblemData
  ) throws(Failure) -> ProblemData {
    if let known = loaded.withLock({ $0[name] }) { return known }
    let data = try body()
    loaded.withLock { $0[name] = data }
    return data
  }
}

extension ProblemData {
  fileprivate convenience init(_ sets: DigitSets) {
    self.init(
      training: (sets.training.images, sets.training.labels), test: (sets.test.images, sets.test.labels),
      width: Digits.width)
  }
}
