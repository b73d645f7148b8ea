// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import Synchronization

/// The data that problems have asked for, loaded once however many runs use it.
public final class DataLibrary: Sendable {
  private let loaded = Mutex<[String: ProblemData]>([:])
  private let resolve: @Sendable (String) -> String

  /// A library that finds folders with `resolve`, which gets a path as it was written.
  public init(resolve: @escaping @Sendable (String) -> String = { $0 }) { self.resolve = resolve }

  private static let words = ["synthetic", "mnist", "emnist", "cifar"]

  /// The keys that say which data a problem uses.
  static func keys(for kind: DataKind) -> [Key] {
    if kind == .none { return [] }
    let drawn = kind == .digits ? "digits" : "samples"
    return [
      Key(
        "data", .wordOrPath, words: words,
        "\(drawn) drawn by the program, images in folder=, or a file of LIBSVM text", standard: "synthetic"),
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
    let data = settings.removeValue(forKey: "data")
    let folder = try text("folder", &settings)
    let transpose = try flag("transpose", &settings)
    if let paths = try paths(&settings) {
      guard data == nil, folder == nil else {
        throw LabError(
          "images= and \(data == nil ? "folder" : "data")= both name data", remedy: "give one of them",
          key: data == nil ? "folder" : "data")
      }
      return try images("files \(paths) \(transpose as Any)", key: "images") { () throws(DataError) in
        try MNIST.load(paths, transpose: transpose)
      }
    }
    guard case .word(let name) = data ?? .word("synthetic") else {
      throw LabError(
        "the value of data= is out of range",
        remedy: "data= takes \(Self.words.joined(separator: ", ")), or a file", key: "data")
    }
    let isFolder = ["mnist", "emnist", "cifar"].contains(name)
    if folder != nil && !isFolder {
      throw LabError(
        "folder= is for the files of mnist, emnist and cifar alone", remedy: "give data=mnist too",
        key: "folder")
    }
    if transpose != nil && name != "mnist" && name != "emnist" {
      throw LabError("transpose= is for IDX images alone", remedy: "leave it out", key: "transpose")
    }
    guard isFolder else {
      guard name == "synthetic" || name == "auto" else { return try loadSamples(name) }
      return kind == .digits
        ? load("synthetic digits") { ProblemData(DrawnDigits.standard()) }
        : load("synthetic samples") { ProblemData(SparseSamples.synthetic()) }
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

  private func loadSamples(_ written: String) throws(LabError) -> ProblemData {
    let path = resolve(written)
    do throws(DataError) {
      return try load("file " + path) { () throws(DataError) in
        let samples = try LIBSVM.read(path)
        // The rows' starts and labels, the features' columns and values.
        guard AvailableMemory.has(9 * samples.count + 12 * samples.values.count) else {
          throw DataError.outOfMemory
        }
        return ProblemData(samples, named: written)
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
  fileprivate convenience init(_ sets: ImageSets, named name: String? = nil) {
    self.init(
      training: (sets.training.images, sets.training.labels), test: (sets.test.images, sets.test.labels),
      width: sets.training.width, classes: sets.classes,
      reading: sets.isPlain ? nil : name.map { "\($0): \(sets.reading)" })
  }
}
