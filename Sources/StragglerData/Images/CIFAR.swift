// SPDX-License-Identifier: Apache-2.0

/// The CIFAR-10 and CIFAR-100 data sets of small colour pictures, in their binary form.
///
/// A record is a label (of CIFAR-100 two: the coarse one is not used) and 3 × 32 × 32 bytes: the red plane,
/// then the green and the blue one.
///
/// Source: Krizhevsky, "Learning multiple layers of features from tiny images" (2009).
public enum CIFAR {
  private static let width = 3 * 32 * 32
  private static let names =
    "CIFAR's binary files, data_batch_1.bin … test_batch.bin or train.bin and test.bin"

  /// Reads the files in `folder`: those of CIFAR-10 or, where there are none, of CIFAR-100.
  ///
  /// Throws where a file is missing or has another size.
  public static func load(folder: String) throws(DataError) -> ImageSets {
    try ImageFolder.check(folder, holds: names)
    let present = Set(Files.names(in: folder).map { $0.hasSuffix(".gz") ? String($0.dropLast(3)) : $0 })
    let batches = (1...5).map { "data_batch_\($0).bin" }
    if batches.contains(where: present.contains) {
      var training = ImageSet(rows: 32, columns: 32, channels: 3)
      for name in batches { try add(name, in: folder, labels: 1, to: &training) }
      return try sets(training, "test_batch.bin", in: folder, labels: 1)
    }
    guard present.contains("train.bin") else {
      let inner = ["cifar-10-batches-bin", "cifar-100-binary"].first {
        Files.kind(ImageFolder.join(folder, $0)) == .folder
      }
      throw DataError(
        "holds none of CIFAR's binary files",
        remedy: inner.map { "did you mean \(ImageFolder.join(folder, $0))?" }
          ?? "name the folder that holds \(names)", path: folder)
    }
    var training = ImageSet(rows: 32, columns: 32, channels: 3)
    try add("train.bin", in: folder, labels: 2, to: &training)
    var sets = try sets(training, "test.bin", in: folder, labels: 2)
    sets.remark("not used: coarse labels")
    return sets
  }

  private static func sets(
    _ training: ImageSet, _ name: String, in folder: String, labels: Int
  ) throws(DataError) -> ImageSets {
    var test = ImageSet(rows: 32, columns: 32, channels: 3)
    try add(name, in: folder, labels: labels, to: &test)
    return ImageSets(training: training, test: test)
  }

  /// Adds the records of a file, whose last of `labels` bytes before the picture is the label.
  private static func add(
    _ name: String, in folder: String, labels: Int, to set: inout ImageSet
  ) throws(DataError) {
    let plain = ImageFolder.join(folder, name)
    let path = Files.kind(plain) == .missing ? plain + ".gz" : plain
    guard Files.kind(path) != .missing else {
      throw DataError("there is no such file", remedy: "fetch the whole data set", path: plain)
    }
    let bytes = try Gzip.contents(of: path)
    let record = labels + width
    guard !bytes.isEmpty, bytes.count % record == 0 else {
      throw DataError(
        "has \(bytes.count) bytes, which are no whole number of records of \(record)",
        remedy: Gzip.fetchAgain, path: path)
    }
    guard set.images.makeRoom(for: bytes.count), set.labels.makeRoom(for: bytes.count / record) else {
      throw DataError.outOfMemory.about(path)
    }
    for start in stride(from: 0, to: bytes.count, by: record) {
      set.labels.append(bytes[start + labels - 1])
      set.images += bytes[start + labels..<start + record]
    }
  }
}
