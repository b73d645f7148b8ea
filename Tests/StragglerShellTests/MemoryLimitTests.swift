// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What a file or a key sizes does not end the program where memory is short, here an address space of 2 GB.
///
/// Slow builds take the same steps: nothing here computes long.
@Suite(.serialized) struct MemoryLimitTests {
  let folder: String

  init() throws { folder = try temporaryFolder() }

  private func limited(_ script: String, kilobytes: Int = 2_000_000) throws -> RunResult {
    let result = try run(
      shell: "cd \(folder) && ulimit -c 0 && ulimit -v \(kilobytes) && exec \"$0\" -c '\(script)'")
    #expect([0, 1].contains(result.status), "\(script): \(result.status) \(result.errors.prefix(300))")
    return result
  }

  private func refused(_ script: String, _ words: String = "memory") throws {
    let result = try limited(script)
    #expect(result.status == 1 && result.errors.contains(words), "\(script): \(result.errors.prefix(300))")
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  @Test func widthsAndCountsOfFiles() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write("wide", Array("1 1:1 2147483646:2\n-1 2147483646:1\n".utf8))
    try refused("problem logistic data=wide; workers 2; method asgd gamma=0.1; step")
    try refused("problem logistic data=wide regularizer=l2; workers 2; method asgd; step")
    try write("links", Array("from,to,seconds\n1,1073741824,1\n".utf8))
    try refused("workers 3; topology file links; method fragile gamma=1; step", "there are 3 workers")
    let header: [UInt8] = [0x7F, 0xFF, 0xFF, 0xFF]
    for name in ["train-images-idx3", "t10k-images-idx3"] {
      try write(name + "-ubyte", [0, 0, 8, 3] + header + [0, 0, 0, 28, 0, 0, 0, 28] + [1, 2, 3])
    }
    for name in ["train-labels-idx1", "t10k-labels-idx1"] {
      try write(name + "-ubyte", [0, 0, 8, 1] + header + [1])
    }
    try refused("problem logistic data=mnist folder=.; workers 2; method asgd", "truncated")
  }

  /// A few kilobytes that become more than there is room for.
  @Test func bombs() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, row, filter) in [("rows", "1 1:1 2:2", "cat"), ("row", "1,1,1,1,", "tr -d \"\\n\"")] {
      let made = try run(
        shell: "cd \(folder) && yes '\(row)' | \(filter) | head -c 8000000 | gzip -1 > \(name).gz")
      #expect(made.status == 0)
    }
    for script in [
      "workers 3 delay=trace(\"row.gz\")", "problem logistic data=rows.gz", "workers 2; topology file row.gz",
    ] {
      #expect(try limited(script, kilobytes: 110_000).status == 1, "\(script)")
    }
  }

  @Test(arguments: [
    "problem quadratic dim=1e9; workers 2; method asgd gamma=1; step",
    "workers 1e4; topology complete link=1; method fragile gamma=1; step",
    "workers 1e7; topology ring link=1; method fragile gamma=1; step",
    "workers 1e7; topology random(9) link=1; method fragile gamma=1; step",
  ])
  func keysThatAreRefused(_ script: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try refused(script)
  }

  @Test(arguments: [
    "workers 1e9 tau=i", "problem network hidden=1e9; workers 2; method asgd gamma=1; step",
    "workers 2; method rennala batch=1e18 gamma=1; step",
    "problem quadratic dim=5 samples=1e15; workers 2; method freya-page; step",
    "problem network batch=1e18; workers 2; method asgd gamma=0.1; step",
    "workers 2; method asgd gamma=1; compare asgd steps=2 seeds=1e12",
    "workers 2; method asgd gamma=1; compare asgd steps=2 tune=[1..1e12]",
    "workers 2; method asgd gamma=1; sweep gamma in 1..1e12 steps=1",
    "workers 2; method asgd gamma=1; sweep gamma in 1..1e5 seed in 1..1e5 steps=1",
    "workers 2; method asgd gamma=1; sweep gamma in [1] seeds=1e12 steps=1",
    "for k in 1..1e15 { quit }", "workers 1e5; topology tree branching=1e15",
    "workers 2; method asgd gamma=1; run steps=5; gantt from=1e300 to=1e308; gantt from=-1e308 to=1e308",
  ])
  func keysThatTakeNothing(_ script: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try limited(script)
  }

  @Test func checkpointsOfLargeModels() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try limited(
      "problem quadratic dim=2e7 noise=0; workers 1; method hero gamma=1; step; checkpoint c; restore c")
  }

  @Test func standardInputHasALimit() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try run(shell: "ulimit -c 0; ulimit -v 300000; tr '\\0' x < /dev/zero | \"$0\"")
    #expect(result.status == 1 && result.errors.contains("standard input is larger than"), "\(result)")
    let block = try run(
      shell: "ulimit -c 0; ulimit -v 300000; (echo 'for k in 1..2 {'; yes 'let x = k') | \"$0\"")
    #expect(block.status == 1 && block.errors.contains("standard input is larger than"), "\(block)")
  }
}
