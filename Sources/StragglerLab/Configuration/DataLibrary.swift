internal import StragglerCore
internal import StragglerData
internal import Synchronization

/// The data that problems have asked for, loaded once however many runs use it.
public final class DataLibrary: Sendable {
  private let loaded = Mutex<[String: ProblemData]>([:])
  private let resolve: @Sendable (String) -> String

  /// A library that finds folders with `resolve`, which gets a path as it was written.
  public init(resolve: @escaping @Sendable (String) -> String = { $0 }) { self.resolve = resolve }

  /// The keys that say which data a problem uses.
  static func keys(for kind: DataKind) -> [Key] {
    let folder = Key("folder", .path, "where MNIST's four files are, plain or .gz", standard: ".")
    let words = ["synthetic", "mnist"]
    return switch kind {
    case .none: []
    case .digits:
      [
        Key("data", .word, words: words, "digits drawn by the program, or MNIST", standard: "synthetic"),
        folder,
      ]
    case .samples:
      [
        Key(
          "data", .wordOrPath, words: words, "samples drawn by the program, MNIST, or a file of LIBSVM text",
          standard: "synthetic"), folder,
      ]
    }
  }

  /// Loads what the keys `data` and `folder` name, and takes them out of `settings`.
  func take(_ kind: DataKind, from settings: inout Settings) throws(LabError) -> ProblemData {
    if kind == .none { return .none }
    let data = settings.removeValue(forKey: "data") ?? .word("synthetic")
    let folder = settings.removeValue(forKey: "folder")
    guard case .word(let name) = data, kind == .samples || ["synthetic", "auto", "mnist"].contains(name)
    else {
      throw LabError(
        "the value of data= is out of range", remedy: "data= takes synthetic or mnist", key: "data")
    }
    if name == "mnist" { return try loadMNIST(folder) }
    if folder != nil {
      throw LabError("folder= is for MNIST's files alone", remedy: "give data=mnist too", key: "folder")
    }
    guard name == "synthetic" || name == "auto" else { return try loadSamples(name) }
    return kind == .digits
      ? load("synthetic digits") { ProblemData(DrawnDigits.standard()) }
      : load("synthetic samples") { ProblemData(SparseSamples.synthetic()) }
  }

  private func loadMNIST(_ folder: SettingValue?) throws(LabError) -> ProblemData {
    guard case .word(let written) = folder ?? .word(".") else {
      throw LabError("the value of folder= is out of range", remedy: "folder= takes a path", key: "folder")
    }
    let path = resolve(written)
    do throws(DataError) {
      return try load("mnist " + path) { () throws(DataError) in
        let sets = try MNIST.load(folder: path)
        guard AvailableMemory.has(sets.training.images.count + sets.test.images.count) else {
          throw DataError.outOfMemory
        }
        return ProblemData(sets)
      }
    } catch {
      throw LabError(error.description, key: folder == nil ? "data" : "folder")
    }
  }

  private func loadSamples(_ written: String) throws(LabError) -> ProblemData {
    let path = resolve(written)
    do throws(DataError) {
      return try load("file " + path) { () throws(DataError) in
        let samples = try LIBSVM.read(path)
        // The rows' starts and labels, the features' columns and values.
        guard AvailableMemory.has(9 * samples.count + 12 * samples.values.count) else {
          throw DataError.outOfMemory
        }
        return ProblemData(samples)
      }
    } catch {
      throw LabError(error.description, key: "data")
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
