// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

/// Small files in MNIST's form.
@Suite struct MNISTTests {
  static let names = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ]

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Five pictures to train with and three to test with.
  static let contents: [[UInt8]] = [5, 3].flatMap { count in
    [
      Bytes.idx(
        dimensions: [count, 28, 28], (0..<count * 784).map { UInt8(truncatingIfNeeded: $0 * count) }),
      Bytes.idx(dimensions: [count], (0..<count).map { UInt8($0 + 2) }),
    ]
  }

  private func writeAll(_ form: (String) -> String = { $0 }, _ pack: ([UInt8]) -> [UInt8] = { $0 }) throws {
    for (name, content) in zip(Self.names, Self.contents) { try folder.write(pack(content), to: form(name)) }
  }

  private func expectContents() throws {
    let sets = try MNIST.load(folder: folder.path)
    #expect(sets.training.images == Array(Self.contents[0][16...]))
    #expect(sets.training.labels == [0, 1, 2, 3, 4])
    #expect(sets.test.images == Array(Self.contents[2][16...]))
    #expect(sets.test.labels == [0, 1, 2])
    #expect(sets.reading.hasSuffix("in 5 classes, 3 to test with, labels 2 to 6 taken as classes 0 to 4"))
    #expect(sets.test.count == 3)
  }

  @Test func plain() throws {
    try writeAll()
    try expectContents()
    #expect(try MNIST.load(folder: folder.path + "/").test.count == 3)
  }

  @Test func compressed() throws {
    try writeAll({ $0 + ".gz" }, Bytes.storedGzip)
    try expectContents()
  }

  @Test func contentDecidesNotTheName() throws {
    try writeAll({ $0 }, Bytes.storedGzip)
    try expectContents()
    try writeAll({ $0 + ".gz" })
    try expectContents()
  }

  /// Some mirrors write a point, and some archives unpack a folder of the file's name beside it.
  @Test func namesOfMirrors() throws {
    let dotted = { (name: String) in name.replacing("-idx", with: ".idx") }
    try writeAll(dotted)
    for name in Self.names { try folder.makeFolder(name) }
    try expectContents()
  }

  @Test func foldersThatAreNone() throws {
    let file = try folder.write([1], to: "a")
    for (path, words) in [
      (folder.file("none"), "there is no such folder"), (file, "is a file, not a folder"),
      ("", "the name is empty"),
    ] {
      let error = #expect(throws: DataError.self) { try MNIST.load(folder: path) }
      #expect(error?.problem.contains(words) == true)
    }
  }

  @Test func tellsAllThatIsMissing() throws {
    try writeAll()
    try folder.write([], to: "x")
    let other = try TemporaryFolder()
    try other.write(Self.contents[0], to: Self.names[0])
    try other.write(Self.contents[3], to: Self.names[3])
    let error = #expect(throws: DataError.self) { try MNIST.load(folder: other.path) }
    #expect(
      error?.problem
        == "train-labels-idx1-ubyte, t10k-images-idx3-ubyte are not in this folder, neither plain nor as .gz")
    #expect(error?.path == other.path)
  }

  @Test func suggestsTheFolderBelow() throws {
    try folder.makeFolder("MNIST/raw")
    try folder.write([], to: "MNIST/raw/" + Self.names[0])
    let error = #expect(throws: DataError.self) { try MNIST.load(folder: folder.path) }
    #expect(error?.remedy == "did you mean \(folder.path)/MNIST/raw?")
  }

  /// One of the four files in turn is replaced; the error must name it.
  @Test(
    arguments: [
      (0, contents[1], "holds labels, not pictures"),
      (1, contents[0], "holds pictures, not labels"),
      (2, Bytes.idx(dimensions: [2, 2], [1, 2, 3, 4]), "holds something else"),
      (
        2, Bytes.idx(dimensions: [3, 14, 56], [UInt8](repeating: 0, count: 3 * 784)),
        "have 14×56 pixels, those to train with 28×28"
      ),
      (3, Bytes.idx(dimensions: [4], [0, 1, 2, 3]), "holds 4 labels for the 3 pictures"),
      (0, Bytes.idx(dimensions: [5, 0, 28], []), "its pictures have 0×28 pixels"),
      (0, Array(contents[0].dropLast()), "truncated"), (0, contents[0] + [0], "holds 1 bytes more"),
      (2, Bytes.storedGzip([1, 2, 3, 4, 5]), "is not an IDX file"),
      (2, Bytes.storedGzip(Bytes.storedGzip(contents[2])), "compressed twice"),
      (3, Array(Bytes.storedGzip(contents[3]).dropLast(9)), "too early"), (3, [], "the file is empty"),
      (1, [UInt8]("<html><body>404 Not Found".utf8), "is a web page (HTML), not an IDX file"),
    ] as [(Int, [UInt8], String)]) func faults(_ which: Int, _ content: [UInt8], _ words: String) throws
  {
    try writeAll()
    try folder.write(content, to: Self.names[which])
    let error = #expect(throws: DataError.self) { try MNIST.load(folder: folder.path) }
    #expect(error?.problem.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.path == folder.file(Self.names[which]))
  }

  @Test func emptySets() throws {
    try writeAll()
    try folder.write(Bytes.idx(dimensions: [0, 28, 28], []), to: Self.names[0])
    try folder.write(Bytes.idx(dimensions: [0], []), to: Self.names[1])
    let error = #expect(throws: DataError.self) { try MNIST.load(folder: folder.path) }
    #expect(error?.problem == "holds no pictures")
  }

  /// Two images of 2×3 pixels by EMNIST's names, stored column by column, with labels from 1.
  private func writeEMNIST(_ set: String) throws {
    for (part, count) in [("train", 2), ("test", 1)] {
      try folder.write(
        Bytes.idx(dimensions: [count, 3, 2], (0..<UInt8(count * 6)).map { $0 }),
        to: "emnist-\(set)-\(part)-images-idx3-ubyte")
      try folder.write(
        Bytes.storedGzip(Bytes.idx(dimensions: [count], (0..<UInt8(count)).map { 26 - $0 })),
        to: "emnist-\(set)-\(part)-labels-idx1-ubyte.gz")
    }
  }

  @Test func emnist() throws {
    try writeEMNIST("letters")
    let sets = try MNIST.load(folder: folder.path)
    #expect(sets.training.rows == 2 && sets.training.columns == 3)
    #expect(sets.training.images == [0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11])
    #expect(sets.training.labels == [1, 0] && sets.test.labels == [1])
    #expect(
      sets.reading == "2 images of 2×3 in 2 classes, 1 to test with, rows and columns swapped, "
        + "labels 25 to 26 taken as classes 0 to 1")
    let plain = try MNIST.load(folder: folder.path, transpose: false)
    #expect(plain.training.rows == 3 && plain.training.images == (0..<12).map { $0 })

    try writeEMNIST("balanced")
    let error = #expect(throws: DataError.self) { try MNIST.load(folder: folder.path) }
    #expect(error?.problem == "holds several sets: emnist-balanced, emnist-letters")
  }

  @Test func filesByName() throws {
    let images = try folder.write(Bytes.idx(dimensions: [2, 1, 2], [1, 2, 3, 4]), to: "a")
    let labels = try folder.write(Bytes.idx(dimensions: [2], [0, 46]), to: "b")
    let sets = try MNIST.load(.init(images: images, labels: labels))
    #expect(sets.reading == "2 images of 1×2 in 47 classes, none to test with")
    #expect(sets.test.count == 0 && sets.training.width == 2)
  }

  @Test func aFolderInPlaceOfAFile() throws {
    try writeAll({ $0 == Self.names[1] ? "elsewhere" : $0 })
    try folder.makeFolder(Self.names[1])
    let error = #expect(throws: DataError.self) { try MNIST.load(folder: folder.path) }
    #expect(error?.problem == "is a folder, not a file")
  }
}

/// The original files, where they are.
@Suite(.enabled(if: SharedData.isPresent, "the shared data are not beside the package"))
struct MNISTOriginalTests {
  @Test func original() throws {
    let sets = try MNIST.load(folder: SharedData.path("mnist"))
    #expect(sets.training.count == 60_000)
    #expect(sets.test.count == 10_000)
    #expect(sets.training.images.count == 60_000 * 784)
    #expect(sets.test.images.count == 10_000 * 784)
    #expect(sets.training.labels.prefix(10) == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    #expect(sets.test.labels.prefix(10) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    // How often each digit occurs, as published with the data.
    let counts = (0..<10).map { digit in sets.training.labels.count { $0 == digit } }
    #expect(counts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
  }

  /// The check sum of the decompressed test pictures is in the file's trailer; it is computed here by its
  /// definition.
  @Test func plainCopiesGiveTheSame() throws {
    let folder = try TemporaryFolder()
    let name = "t10k-labels-idx1-ubyte"
    let packed = try Files.read(SharedData.path("mnist/\(name).gz"))
    let plain = try Gzip.decompress(packed)
    #expect(Bytes.littleEndian(Int(Bytes.bitwiseChecksum(plain))) == Array(packed.suffix(8).prefix(4)))
    try folder.write(plain, to: name)
    let images = SharedData.path("mnist/t10k-images-idx3-ubyte.gz")
    let first = try MNIST.load(images: images, labels: folder.file(name))
    let second = try MNIST.load(images: images, labels: SharedData.path("mnist/\(name).gz"))
    #expect(first == second)
  }
}
