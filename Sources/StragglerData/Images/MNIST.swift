// SPDX-License-Identifier: Apache-2.0

/// The MNIST data set of handwritten digits (LeCun, Cortes and Burges), and all others in the same form: two
/// IDX files to train with, images and labels, and two to test with.
///
/// Fashion-MNIST and KMNIST have MNIST's names of files, EMNIST names of its own. The files may be plain or
/// gzip, which is decided by their content and not by their name, and may be named with a point instead of
/// the hyphen before `idx`, as some mirrors do. Images may have any size, and labels any number of classes up
/// to 256; where the smallest label is not 0, classes are counted from it.
public enum MNIST {
  /// Which files: images and labels, to train and to test with; the last two may be left out together.
  public struct Paths: Sendable {
    /// The images and labels to train with.
    public let images, labels: String
    /// The images and labels to test with.
    public let testImages, testLabels: String?

    /// The files that are named.
    public init(images: String, labels: String, testImages: String? = nil, testLabels: String? = nil) {
      self.images = images
      self.labels = labels
      self.testImages = testImages
      self.testLabels = testLabels
    }

    /// Whether the names are EMNIST's, whose images have rows and columns swapped.
    var isEMNIST: Bool {
      let name = images.split(separator: "/").last.map(String.init) ?? ""
      return name.lowercased().hasPrefix("emnist-")
    }
  }

  /// Reads the four files in `folder`, with MNIST's names or EMNIST's. About 0.2 s for the compressed
  /// original.
  ///
  /// Rows and columns are swapped where `transpose` says so, or is nil and the names are EMNIST's. Throws
  /// where a file is missing, damaged or of another kind, and where files do not belong together.
  public static func load(folder: String, transpose: Bool? = nil) throws(DataError) -> ImageSets {
    try load(try locate(in: folder), transpose: transpose)
  }

  /// Reads the files at `paths`; throws as `load(folder:)`.
  public static func load(_ paths: Paths, transpose: Bool? = nil) throws(DataError) -> ImageSets {
    let training = try load(images: paths.images, labels: paths.labels)
    var test = ImageSet(rows: training.rows, columns: training.columns)
    if let images = paths.testImages, let labels = paths.testLabels {
      test = try load(images: images, labels: labels)
      guard test.shape == training.shape else {
        throw DataError(
          "its images have \(test.shape) pixels, those to train with \(training.shape)",
          remedy: "give sets that belong together", path: images, place: .byte(8))
      }
    }
    var sets = ImageSets(training: training, test: test)
    if transpose ?? paths.isEMNIST { sets.transpose() }
    sets.countClassesFromZero()
    return sets
  }

  /// Reads one file of images and the file of their labels. O(size).
  ///
  /// Throws where a file is missing, damaged or of another kind, and where the two do not belong together.
  public static func load(
    images imagesPath: String, labels labelsPath: String
  ) throws(DataError) -> ImageSet {
    let images = try read(imagesPath)
    guard images.dimensions.count == 3 else {
      throw mislabelled(imagesPath, images, holds: "pictures")
    }
    let (rows, columns) = (images.dimensions[1], images.dimensions[2])
    guard rows > 0, columns > 0 else {
      throw DataError(
        "its pictures have \(rows)×\(columns) pixels", remedy: "pictures of one pixel at least are needed",
        path: imagesPath, place: .byte(8))
    }
    let labels = try read(labelsPath)
    guard labels.dimensions.count == 1 else {
      throw mislabelled(labelsPath, labels, holds: "labels")
    }
    guard labels.elements.count == images.dimensions[0] else {
      throw DataError(
        "holds \(labels.elements.count) labels for the \(images.dimensions[0]) pictures of \(imagesPath)",
        remedy: "the two files must belong together", path: labelsPath, place: .byte(4))
    }
    guard !labels.elements.isEmpty else {
      throw DataError("holds no pictures", remedy: "at least one is needed", path: imagesPath)
    }
    return ImageSet(images: images.elements, labels: labels.elements, rows: rows, columns: columns)
  }

  private static func read(_ path: String) throws(DataError) -> IDX {
    let bytes = try Gzip.contents(of: path)
    do throws(DataError) { return try IDX(bytes) } catch { throw error.about(path) }
  }

  private static func mislabelled(_ path: String, _ array: IDX, holds wanted: String) -> DataError {
    let found =
      array.dimensions.count == 1 ? "labels" : array.dimensions.count == 3 ? "pictures" : "something else"
    return DataError(
      "holds \(found), not \(wanted)",
      remedy: "check whether files have been mixed up or misnamed", path: path, place: .byte(3))
  }

  // MARK: Finding the files

  private static let stems = [
    ("train-images", "idx3"), ("train-labels", "idx1"), ("t10k-images", "idx3"), ("t10k-labels", "idx1"),
  ]

  /// The paths of the four files; the error names all missing files.
  private static func locate(in folder: String) throws(DataError) -> Paths {
    try ImageFolder.check(folder, holds: names)
    var found: [String] = []
    var missing: [String] = []
    for (stem, type) in stems {
      if let path = try file(stem, type, in: folder) {
        found.append(path)
      } else {
        missing.append("\(stem)-\(type)-ubyte")
      }
    }
    if missing.isEmpty {
      return Paths(images: found[0], labels: found[1], testImages: found[2], testLabels: found[3])
    }
    if found.isEmpty, let paths = try locateEMNIST(in: folder) { return paths }
    throw absence(of: missing, in: folder)
  }

  /// The four files of the one EMNIST set in the folder; nil where there is none.
  private static func locateEMNIST(in folder: String) throws(DataError) -> Paths? {
    let marker = "-train-images"
    let sets = Set(
      Files.names(in: folder).compactMap { name in
        name.hasPrefix("emnist-") ? name.firstRange(of: marker).map { String(name[..<$0.lowerBound]) } : nil
      }
    ).sorted()
    guard let set = sets.first else { return nil }
    guard sets.count == 1 else {
      throw DataError(
        "holds several sets: \(sets.joined(separator: ", "))",
        remedy: "name the files with images=, labels=, test_images= and test_labels=", path: folder)
    }
    var found: [String] = []
    for (stem, type) in stems {
      let own = set + "-" + (stem.hasPrefix("t10k") ? "test" + stem.dropFirst(4) : stem)
      guard let path = try file(own, type, in: folder) else {
        throw absence(of: ["\(own)-\(type)-ubyte"], in: folder)
      }
      found.append(path)
    }
    return Paths(images: found[0], labels: found[1], testImages: found[2], testLabels: found[3])
  }

  /// The file with that name in one of its forms; nil where there is none.
  private static func file(
    _ stem: String, _ type: String, in folder: String
  ) throws(DataError) -> String? {
    let candidates = ["-", "."].flatMap { mark in
      ["", ".gz"].map { ImageFolder.join(folder, "\(stem)\(mark)\(type)-ubyte\($0)") }
    }
    let kinds = candidates.map(Files.kind)
    if let index = kinds.firstIndex(where: { $0 == .file || $0 == .other }) { return candidates[index] }
    if let index = kinds.firstIndex(of: .folder) { throw Files.folderInPlaceOfFile(candidates[index]) }
    return nil
  }

  private static func absence(of missing: [String], in folder: String) -> DataError {
    let list = missing.joined(separator: ", ")
    let problem = "\(list) \(missing.count == 1 ? "is" : "are") not in this folder, neither plain nor as .gz"
    // Where other programs store the files.
    for usual in ["mnist", "MNIST/raw", "raw"] where missing.count == 4 {
      let place = ImageFolder.join(folder, usual)
      if Files.kind(ImageFolder.join(place, "train-images-idx3-ubyte")) == .file
        || Files.kind(ImageFolder.join(place, "train-images-idx3-ubyte.gz")) == .file
      {
        return DataError(problem, remedy: "did you mean \(place)?", path: folder)
      }
    }
    return DataError(problem, remedy: "name the folder that holds the four files", path: folder)
  }

  private static let names =
    "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte"
}
