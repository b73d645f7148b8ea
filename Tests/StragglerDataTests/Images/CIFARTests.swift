// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

/// Small files in CIFAR's form.
@Suite struct CIFARTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Records with these labels, the last of each is the picture's, and pictures of one value each.
  private func records(_ labels: [[UInt8]]) -> [UInt8] {
    labels.flatMap { $0 + [UInt8](repeating: $0[$0.count - 1] * 2, count: 3072) }
  }

  @Test func ten() throws {
    for batch in 1...5 {
      try folder.write(records([[UInt8(batch)], [9]]), to: "data_batch_\(batch).bin")
    }
    try folder.write(Bytes.storedGzip(records([[0]])), to: "test_batch.bin.gz")
    let sets = try CIFAR.load(folder: folder.path)
    #expect(sets.training.labels == [1, 9, 2, 9, 3, 9, 4, 9, 5, 9])
    #expect(sets.training.width == 3072 && sets.training.images.count == 10 * 3072)
    #expect(sets.training.images[2 * 3072] == 4 && sets.training.images[2 * 3072 - 1] == 18)
    #expect(sets.reading == "10 images of 32×32×3 in 10 classes, 1 to test with")
  }

  @Test func aHundred() throws {
    try folder.write(records([[19, 99], [3, 5]]), to: "train.bin")
    try folder.write(records([[1, 2]]), to: "test.bin")
    let sets = try CIFAR.load(folder: folder.path)
    #expect(sets.training.labels == [99, 5] && sets.test.labels == [2])
    #expect(
      sets.reading == "2 images of 32×32×3 in 100 classes, 1 to test with, not used: coarse labels")
  }

  @Test func faults() throws {
    func problem() -> String? {
      #expect(throws: DataError.self) { try CIFAR.load(folder: folder.path) }?.problem
    }
    #expect(problem() == "holds none of CIFAR's binary files")
    for batch in 1...4 { try folder.write(records([[1]]), to: "data_batch_\(batch).bin") }
    #expect(problem() == "there is no such file")
    try folder.write(Array(records([[1]]).dropLast()), to: "data_batch_5.bin")
    #expect(problem()?.contains("no whole number of records of 3073") == true)
    try folder.write([], to: "data_batch_5.bin")
    #expect(problem()?.contains("has 0 bytes") == true)
    #expect(throws: DataError.self) { try CIFAR.load(folder: folder.file("none")) }
  }
}
