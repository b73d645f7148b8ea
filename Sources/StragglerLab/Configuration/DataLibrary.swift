// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import Synchronization

/// The data that problems have asked for, loaded once however many runs use it.
public final class DataLibrary: Sendable {
  private let loaded = Mutex<[String: ProblemData]>([:])
  private let resolve: @Sendable (String) -> String
  private let interrupted: @Sendable () -> Bool

  /// A library that finds folders with `resolve`, which gets a path as it was written. What takes long ends
  /// with `LabError.interrupted` where `interrupted`, called now and then, returns true.
  public init(
    resolve: @escaping @Sendable (String) -> String = { $0 },
    interrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.resolve = resolve
    self.interrupted = interrupted
  }

  /// The data that are a folder of images, by the words for them.
  package static let folders = ["mnist", "emnist", "cifar"]
  private static let words = ["synthetic"] + folders

  /// The keys that say which data a problem uses.
  static func keys(for kind: DataKind) -> [Key] {
    let target = Key(
      "y", .path, "the file of the targets of a NumPy array, or the column for them in a table",
      standard: "y.npy beside X.npy; column y, or the last")
    switch kind {
    case .none: return []
    case .system:
      return [
        Key(
          "A", .path, "a file with the matrix: symmetric, positive definite (.npy or CSV)", standard: "none"),
        Key("b", .path, "a file with the vector (.npy or CSV)", standard: "0 where A= is given"),
      ]
    case .measurements:
      return [
        Key(
          "data", .wordOrPath, words: ["synthetic"],
          "rows drawn by the program, or a file with a target in every row (LIBSVM, CSV, .npy)",
          standard: "synthetic"), target,
      ]
    case .digits, .samples: break
    }
    let drawn = kind == .digits ? "digits" : "samples"
    return [
      Key(
        "data", .wordOrPath, words: words,
        "\(drawn) drawn by the program, images in folder=, or a file of rows (LIBSVM, CSV, .npy)",
        standard: "synthetic"), target,
      Key("folder", .path, "where the files of mnist, emnist or cifar are, plain or .gz", standard: "."),
      Key("images", .path, "a file of images to train with (IDX), in place of data=", standard: "none"),
      Key("labels", .path, "the file of their labels", standard: "none"),
      Key("test_images", .path, "a file of images to test with", standard: "none"),
      Key("test_labels", .path, "the file of their labels", standard: "none"),
      Key(
        "transpose", .flag, "whether to swap rows and columns of IDX images",
        standard: "as EMNIST's names of files say"),
    ]
  }

  /// Loads what the keys of the data name, and takes them out of `settings`.
  func take(_ kind: DataKind, from settings: inout Settings) throws(LabError) -> ProblemData {
    if kind == .none { return .none }
    if kind == .system { return try system(&settings) }
    let target = try text("y", &settings)
    let data = settings.removeValue(forKey: "data")
    let folder = try text("folder", &settings)
    let transpose = try flag("transpose", &settings)
    if let paths = try paths(&settings) {
      guard data == nil, folder == nil else {
        throw LabError(
          "images= and \(data == nil ? "folder" : "data")= both name data", remedy: "give one of them",
          key: data == nil ? "folder" : "data")
      }
      try refuse(target)
      return try images("files \(paths) \(transpose as Any)", key: "images") { () throws(DataError) in
        try MNIST.load(paths, transpose: transpose)
      }
    }
    guard case .word(let name) = data ?? .word("synthetic") else {
      throw LabError(
        "the value of data= is out of range",
        remedy: "data= takes \(Self.words.joined(separator: ", ")), or a file", key: "data")
    }
    let isFolder = kind != .measurements && Self.folders.contains(name)
    if isFolder || name == "synthetic" || name == "auto" { try refuse(target) }
    if folder != nil && !isFolder {
      throw LabError(
        "folder= is for the files of mnist, emnist and cifar alone", remedy: "give data=mnist too",
        key: "folder")
    }
    if transpose != nil && name != "mnist" && name != "emnist" {
      throw LabError("transpose= is for IDX images alone", remedy: "leave it out", key: "transpose")
    }
    guard isFolder else {
      let kindOfTarget = kind == .measurements ? SampleFile.Target.numbers : .classes
      guard name == "synthetic" || name == "auto" else { return try loadSamples(name, kindOfTarget, target) }
      return kind == .digits
        ? load("synthetic digits") { ProblemData(DrawnDigits.standard()) }
        : load("synthetic samples \(kindOfTarget)") {
          ProblemData(SparseSamples.synthetic(target: kindOfTarget))
        }
    }
    let path = resolve(folder ?? ".")
    return try images(
      "\(name) \(path) \(transpose as Any)", key: folder == nil ? "data" : "folder", name: folder ?? "."
    ) { () throws(DataError) in
      name == "cifar" ? try CIFAR.load(folder: path) : try MNIST.load(folder: path, transpose: transpose)
    }
  }

  /// The files of images that are named; nil where none is.
  private func paths(_ settings: inout Settings) throws(LabError) -> MNIST.Paths? {
    var given: [String: String] = [:]
    let names = ["images", "labels", "test_images", "test_labels"]
    for name in names { given[name] = try text(name, &settings).map(resolve) }
    guard let first = names.first(where: { given[$0] != nil }) else { return nil }
    for (name, partner) in [
      ("labels", "images"), ("images", "labels"), ("test_labels", "test_images"),
      ("test_images", "test_labels"),
    ] where given[name] == nil && given[partner] != nil {
      throw LabError("\(partner)= without \(name)=", remedy: "give both", key: partner)
    }
    guard let images = given["images"], let labels = given["labels"] else {
      throw LabError(
        "\(first)= without images to train with", remedy: "give images= and labels= too", key: first)
    }
    return MNIST.Paths(
      images: images, labels: labels, testImages: given["test_images"], testLabels: given["test_labels"])
  }

  private func text(_ key: String, _ settings: inout Settings) throws(LabError) -> String? {
    guard let value = settings.removeValue(forKey: key), value != .word("auto") else { return nil }
    guard case .word(let text) = value else {
      throw LabError("the value of \(key)= is out of range", remedy: "\(key)= takes a path", key: key)
    }
    return text
  }

  private func flag(_ key: String, _ settings: inout Settings) throws(LabError) -> Bool? {
    switch settings.removeValue(forKey: key) {
    case nil, .word("auto"): return nil
    case .number(1), .word("true"): return true
    case .number(0), .word("false"): return false
    default:
      throw LabError(
        "the value of \(key)= is out of range", remedy: "\(key)= takes true or false", key: key)
    }
  }

  /// The images that `load` reads, once for each `name`.
  private func images(
    _ id: String, key: String, name: String = "images", _ load: () throws(DataError) -> ImageSets
  ) throws(LabError) -> ProblemData {
    do throws(DataError) {
      return try self.load(id) { () throws(DataError) in
        let sets = try load()
        guard AvailableMemory.has(sets.training.images.count + sets.test.images.count) else {
          throw DataError.outOfMemory
        }
        return ProblemData(sets, named: name)
      }
    } catch {
      throw LabError(error.description, key: key)
    }
  }

  private func refuse(_ target: String?) throws(LabError) {
    guard target != nil else { return }
    throw LabError("y= is for tables and NumPy arrays alone", remedy: "leave it out", key: "y")
  }

  private func loadSamples(
    _ written: String, _ kind: SampleFile.Target, _ target: String?
  ) throws(LabError) -> ProblemData {
    let path = resolve(written)
    do throws(DataError) {
      return try load(
        "file \(path) \(Self.version(of: path)) \(kind) \(target as Any) "
          + Self.version(of: target.map(resolve) ?? SampleFile.targets(beside: path) ?? "")
      ) { () throws(DataError) in
        let samples = try SampleFile.read(path, kind, target: target, targetPath: target.map(resolve))
        // The rows' starts, labels and targets, the features' columns and values.
        guard AvailableMemory.has(17 * samples.count + 12 * samples.values.count) else {
          throw DataError.outOfMemory
        }
        return ProblemData(samples, named: written)
      }
    } catch {
      throw LabError(error.description, key: "data")
    }
  }

  /// A file that has been written since is another one.
  private static func version(of path: String) -> String {
    Files.kind(path) == .file ? "\(FileStamp(of: path) as Any)" : ""
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

// MARK: - Matrices

extension DataLibrary {
  /// The matrix and the vector that A= and b= name, with their constants; no data without them.
  private func system(_ settings: inout Settings) throws(LabError) -> ProblemData {
    let (A, b) = (try text("A", &settings), try text("b", &settings))
    guard let A else {
      guard b == nil else { throw LabError("b= without A=", remedy: "give both", key: "b") }
      return .none
    }
    let files = [A, b].compactMap(\.self).map(resolve)
    return try load("matrix \(files) \(files.map(Self.version(of:)))") { () throws(LabError) in
      let array = try contents(of: A, key: "A")
      let (matrix, difference): ([Double], Double)
      do throws(DataError) { (matrix, difference) = try array.symmetric(A) } catch {
        throw LabError(error.description, key: "A")
      }
      let vector = try b.map { (b) throws(LabError) in try contents(of: b, key: "b") }
      if let b, let vector, !vector.isVector || vector.values.count != array.rows {
        throw LabError(
          "\(b): has \(vector.size) numbers, and A has \(array.rows) rows",
          remedy: "give a vector of \(array.rows)", key: "b")
      }
      return try solved(matrix, vector?.values ?? [], (A, b), difference)
    }
  }

  private func contents(of written: String, key: String) throws(LabError) -> NumberArray {
    do throws(DataError) { return try NumberArray.read(resolve(written)) } catch {
      throw LabError(error.description, key: key)
    }
  }

  private func solved(
    _ matrix: [Double], _ vector: [Double], _ names: (A: String, b: String?), _ difference: Double
  ) throws(LabError) -> ProblemData {
    let noMemory = LabError("the matrix needs more memory than can be had", key: "A")
    var d = 0
    while d * d < matrix.count { d += 1 }
    guard AvailableMemory.has(8 * (matrix.count + 2 * d)), let solution = OwnedTable<Double>(zeros: d) else {
      throw noMemory
    }
    let (A, b) = (OwnedTable(matrix), OwnedTable(vector))
    guard let given = LinearSystem(matrix: A.table, vector: b.table, dimension: d) else { throw noMemory }
    let system: LinearSystem
    do {
      var measuring = Arena.measuring()
      _ = try SystemSearch(given, arena: &measuring)
      guard let memory = OwnedArena(bytes: measuring.used) else { throw noMemory }
      var arena = memory.arena()
      var search = try SystemSearch(given, arena: &arena)
      system = try search.complete(into: solution.table) { _ in !interrupted() }
      withExtendedLifetime(memory) {}
    } catch let fault as SystemSearch.Fault {
      throw Self.error(fault, names.A)
    } catch { throw noMemory }
    var reading = "\(names.A): \(d) × \(d), eigenvalues from \(NumberText.brief(system.smallest)) to "
    reading += NumberText.brief(system.largest)
    if difference > 0 {
      reading += ", symmetric to \(NumberText.brief(difference)): the mean of both halves is taken"
    }
    if system.optimum.isNaN { reading += ", too ill-conditioned for f*" }
    if let b = names.b { reading += "; \(b): \(d) numbers" }
    return ProblemData(system, owners: [A, b, solution], reading: reading)
  }

  private static func error(_ fault: SystemSearch.Fault, _ file: String) -> LabError {
    switch fault {
    case .outOfMemory: return LabError("the matrix needs more memory than can be had", key: "A")
    case .interrupted: return .interrupted
    case .notDefinite(let smallest, let norm):
      let value =
        smallest.magnitude <= 1e-10 * norm ? "0 but for rounding" : NumberText.brief(smallest)
      return LabError(
        "\(file) is not positive definite: its smallest eigenvalue is \(value)",
        remedy: "f(x) = ½xᵀAx − bᵀx needs all of them above 0; A + cI with a larger c has them", key: "A")
    }
  }
}

extension ProblemData {
  fileprivate convenience init(_ sets: ImageSets, named name: String? = nil) {
    self.init(
      training: (sets.training.images, sets.training.labels), test: (sets.test.images, sets.test.labels),
      width: sets.training.width, classes: sets.classes,
      reading: sets.isPlain ? nil : name.map { "\($0): \(sets.reading)" })
  }
}
