// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Every script and every example of the documentation does what its transcript says.
@Suite(.serialized) struct TranscriptTests {
  private static let folder = Example.root.appendingPathComponent("Tests/StragglerShellTests/Transcripts")

  private static func file(_ name: String) -> URL { folder.appendingPathComponent(name + ".txt") }

  private static let isRecording = ProcessInfo.processInfo.environment["STRAGGLER_RECORD"] != nil

  /// What takes a debug build a second or two, and not a minute.
  private static let quick = Example.all.filter { ["demo", "Theory"].contains($0.name) }

  /// All by the release build, as `scripts/test` makes it, or the quick ones where there is none. Written
  /// anew, and failing, with STRAGGLER_RECORD set.
  @Test(arguments: Program.release != nil || isRecording ? Example.all : quick)
  func examplesAreAsRecorded(_ example: Example) throws {
    let output = try example.run(Program.release).output
    let file = Self.file(example.name)
    if Self.isRecording {
      try output.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("\(file.lastPathComponent) was written anew")
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    let (lines, others) = (output.components(separatedBy: "\n"), recorded.components(separatedBy: "\n"))
    let first = zip(lines, others).first { $0 != $1 }
    #expect(
      output == recorded,
      """
      the first line that differs is \(first.map { "\n\($0.0)\nin place of\n\($0.1)" } ?? "at the end"); \
      STRAGGLER_RECORD=1 records the transcripts anew
      """)
    #expect(!output.contains("exit status"), "\(output.suffix(400))")
  }

  @Test func everyTranscriptHasItsExample() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(names == Example.all.map { Self.file($0.name).lastPathComponent }.sorted())
    #expect(names.contains("demo.txt") && names.contains("README.txt"))
  }

  @Test(
    .enabled(if: Program.release != nil, "there is no release build of these sources"),
    arguments: Example.all)
  func registersAndThreadsChangeNothing(_ example: Example) throws {
    let standard = try example.run(Program.release, ["--simd", "baseline", "--threads", "1"])
    #expect(try standard.output == String(contentsOf: Self.file(example.name), encoding: .utf8))
    for options in [["--simd", "avx2", "--threads", "3"], ["--threads", "2"]] {
      let other = try example.run(Program.release, options)
      #expect(other.output == standard.output, "\(options)")
      #expect(other.files == standard.files, "\(options)")
    }
  }

  @Test(arguments: quick)
  func buildsAgree(_ example: Example) throws {
    let recorded = try String(contentsOf: Self.file(example.name), encoding: .utf8)
    #expect(try example.run().output == recorded)
    if let unoptimized = Program.unoptimized {
      #expect(try example.run(unoptimized).output == recorded)
    }
  }
}
