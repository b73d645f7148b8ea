// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

@Suite struct IDXTests {
  @Test func readsShapesAndElements() throws {
    let idx = try IDX(Bytes.idx(dimensions: [2, 1, 3], [1, 2, 3, 4, 5, 6]))
    #expect(idx.dimensions == [2, 1, 3])
    #expect(idx.elements == [1, 2, 3, 4, 5, 6])
    #expect(try IDX(Bytes.idx(dimensions: [0], [])).elements == [])
  }

  @Test(
    arguments: [
      ([], "the file is empty"), ([0, 0], "ends within its header"),
      ([0, 0, 8, 1, 0, 0, 0], "ends within its header"),
      ([0, 0, 8, 0], "without dimensions"),
      ([0, 0, 0x0D, 1, 0, 0, 0, 1, 0, 0, 0, 0], "single-precision numbers"),
      ([0, 0, 7, 1, 0, 0, 0, 0], "is not an IDX file"), ([8, 3, 0, 0, 1, 1], "is not an IDX file"),
      (Bytes.idx(dimensions: [3], [1, 2]), "truncated: its header says 3 bytes, and there are 2"),
      (Bytes.idx(dimensions: [2], [1, 2, 3]), "holds 1 bytes more"),
      (Bytes.idx(dimensions: [0xFFFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF], []), "truncated"),
      (Bytes.idx(dimensions: [0xFFFF_FFFF, 0xFFFF_FFFF, 0], [1]), "holds 1 bytes more"),
      ([UInt8](" \r\n<!DOCTYPE html><html>".utf8), "is a web page (HTML)"),
      ([UInt8]("<html>".utf8), "is a web page"),
      ([0xEF, 0xBB, 0xBF] + [UInt8]("<?xml version".utf8), "is a web page"),
      ([UInt8]("version https://git-lfs.github.com/spec/v1".utf8), "Git LFS"), ([0x1F, 0x8B, 8, 0], "twice"),
      ([UInt8]("PK\u{3}\u{4}".utf8), "a ZIP archive"), ([UInt8]("1,2,3\n".utf8), "is not an IDX file"),
    ] as [([UInt8], String)]) func refuses(_ bytes: [UInt8], _ words: String)
  {
    let error = #expect(throws: DataError.self) { try IDX(bytes) }
    #expect(error?.problem.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func survivesDamage() {
    var random = SplitMix(seed: 22)
    let samples = [
      Bytes.idx(dimensions: [4, 2, 3], [UInt8](0..<24)), Bytes.idx(dimensions: [5], [1, 2, 3, 4, 5]),
      Bytes.idx(dimensions: [2, 2, 2, 2, 1, 1], [UInt8](0..<16)),
    ]
    var accepted = 0
    for round in 0..<4000 {
      guard let idx = try? IDX(random.mutated(samples[round % 3])) else { continue }
      accepted += 1
      if idx.dimensions.reduce(1, *) != idx.elements.count { Issue.record("\(idx.dimensions)") }
    }
    #expect(accepted > 0)
  }
}
