/// The MNIST data set of handwritten digits (LeCun, Cortes and Burges), read from its four files.
///
/// The files may be plain or gzip, which is decided by their content and not by their name, and may be named
/// with a point instead of the hyphen before `idx`, as some mirrors do. Data sets of the same form (other
/// digits, fewer pictures) are read as well.
public enum MNIST {
  /// Reads the four files in `folder`. About 0.2 s for the compressed original.
  ///
  /// Throws where a file is missing, damaged or of another kind, or where files do not belong together.
  public static func load(folder: String) throws(DataError) -> DigitSets {
    let paths = try locate(in: folder)
    return DigitSets(
      training: try load(images: paths[0], labels: paths[1]),
      test: try load(images: paths[2], labels: paths[3]))
  }

  /// Reads one file of pictures and the file of their labels. O(size).
  ///
  /// Throws where a file is missing, damaged or of another kind, where pictures are not 28×28 or labels not
  /// from 0 to 9, and where the two do not belong together.
  public static func load(images imagesPath: String, labels labelsPath: String) throws(DataError) -> Digits {
    let images = try read(imagesPath)
    guard images.dimensions.count == 3 else {
      throw mislabelled(imagesPath, images, holds: "pictures")
    }
    guard images.dimensions[1] == 28, images.dimensions[2] == 28 else {
      throw DataError(
        "its pictures have \(images.dimensions[1])×\(images.dimensions[2]) pixels",
        remedy: "pictures of 28×28 pixels are needed", path: imagesPath, place: .byte(8))
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
    if let index = labels.elements.firstIndex(where: { $0 > 9 }) {
      throw DataError(
        "label \(index + 1) is \(labels.elements[index])", remedy: "labels from 0 to 9 are needed",
        path: labelsPath, place: .byte(8 + index))
    }
    return Digits(images: images.elements, labels: labels.elements)
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
  private static func locate(in folder: String) throws(DataError) -> [String] {
    try Files.check(folder)
    switch Files.kind(folder) {
    case .folder: break
    case .missing:
      throw DataError("there is no such folder", remedy: "name the folder that holds \(names)", path: folder)
    case .file, .other:
      throw DataError("is a file, not a folder", remedy: "name the folder that holds \(names)", path: folder)
    }
    var found: [String] = []
    var missing: [String] = []
    for (stem, type) in stems {
      let candidates = ["-", "."].flatMap { mark in
        ["", ".gz"].map { join(folder, "\(stem)\(mark)\(type)-ubyte\($0)") }
      }
      let kinds = candidates.map(Files.kind)
      if let index = kinds.firstIndex(where: { $0 == .file || $0 == .other }) {
        found.append(candidates[index])
      } else if let index = kinds.firstIndex(of: .folder) {
        throw Files.folderInPlaceOfFile(candidates[index])
      } else {
        missing.append("\(stem)-\(type)-ubyte")
      }
    }
    guard missing.isEmpty else { throw absence(of: missing, in: folder) }
    return found
  }

  private static func absence(of missing: [String], in folder: String) -> DataError {
    let list = missing.joined(separator: ", ")
    let problem = "\(list) \(missing.count == 1 ? "is" : "are") not in this folder, neither plain nor as .gz"
    // Where other programs store the files.
    for usual in ["mnist", "MNIST/raw", "raw"] where missing.count == 4 {
      let place = join(folder, usual)
      if Files.kind(join(place, "train-images-idx3-ubyte")) == .file
        || Files.kind(join(place, "train-images-idx3-ubyte.gz")) == .file
      {
        return DataError(problem, remedy: "did you mean \(place)?", path: folder)
      }
    }
    return DataError(problem, remedy: "name the folder that holds the four files", path: folder)
  }

  private static let names =
    "train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte"

  private static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
