internal import StragglerCore
internal import StragglerData
internal import Synchronization

/// The data that problems have asked for, loaded once however many runs use it.
public final class DataLibrary: Sendable {
  private let digits = Mutex<[String: ProblemData]>([:])

  public init() {}

  /// The keys that say which data a problem on digits uses.
  static let keys = [
    Key("data", .word, words: ["synthetic", "mnist"], "digits drawn by the program, or MNIST's files", standard: "synthetic"),
    Key("folder", .path, "where MNIST's four files are, plain or .gz", standard: "."),
  ]

  /// Loads what the keys `data` and `folder` name, and takes them out of `settings`.
  func take(from settings: inout Settings) throws(LabError) -> ProblemData {
    let data = settings.removeValue(forKey: "data") ?? .word("synthetic")
    let folder = settings.removeValue(forKey: "folder")
    guard case .word(let kind) = data, ["synthetic", "mnist", "auto"].contains(kind) else {
      throw LabError("the value of data= is out of range", remedy: "data= takes synthetic or mnist", key: "data")
    }
    guard kind == "mnist" else { return try load("synthetic") { () throws(LabError) in throw LabError("no data") } }
    guard case .word(let path)? = folder ?? .word(".") else {
      throw LabError("the value of folder= is out of range", remedy: "folder= takes a path", key: "folder")
    }
    return try load("mnist:" + path) { () throws(LabError) in throw LabError(path) }
  }

  private func load(_ name: String, _ body: () throws(LabError) -> ProblemData) throws(LabError) -> ProblemData {
    if let known = digits.withLock({ $0[name] }) { return known }
    let loaded = try body()
    digits.withLock { $0[name] = loaded }
    return loaded
  }
}
