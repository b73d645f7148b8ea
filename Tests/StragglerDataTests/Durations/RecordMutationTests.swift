// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerData
import Testing

/// Edits of small tables never change a number without a word: they are refused, or the line that says what
/// was taken is another one, or a reader that was written from the description alone reads the same.
///
/// `STRAGGLER_FUZZ=100000` makes so many edits, and `STRAGGLER_FUZZ_SEED` is their seed.
@Suite struct RecordMutationTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let count = environment["STRAGGLER_FUZZ"].flatMap { Int($0) } ?? 5_000
  private static let seed = environment["STRAGGLER_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1

  static let tables = [
    "worker,duration\n1,1.0\n2,4.0\n3,16.0\n1,1.2\n2,5.0\n3,14.0\n",
    "rank;step;step_time_ms\n0;1;1000\n1;1;4000\n2;1;16000\n0;2;1200.5\n1;2;5000\n",
    "duration,worker,queue\n1.0,gpu#1,a\n4.0,gpu#2,a\n16.0,gpu#10,b\n1.2,gpu#1,b\n",
    "worker,duration,status\n1,1.0,OK\n2,4.0,FAILED\n1,1.1,ok\n2,2.5,TIMEOUT\n",
    "host start end\na 10.0 11.0\nb 10.0 14.5\na 11.0 12.25\n",
    "JobID|NodeList|Elapsed|State\n7_1|node1|00:00:01|COMPLETED\n7_2|node2|1-02:03:04|CANCELLED by 1000\n"
      + "7_3|node1|00:10:00|COMPLETED\n",
    "1,1.0\n2,4.0\n1,1.25\n2,3\n", "gpu-1\t1.0\ngpu-2\t4.0\ngpu-1\tinf\n", "0.5\n0.25\n2\n1\n",
    "# a log\nclient,\"time (us)\"\n\"a, b\",1500\n\"c\",2500.5 # slow\n\"a, b\",1000\n",
    "device,elapsed [min]\r\nx,1.5\r\ny,2\r\nx,1.25\r\n",
    "machine,begin,finish,exit_code\nm1,2026-03-01T12:00:00Z,2026-03-01T12:00:05Z,0\n"
      + "m2,2026-03-01T12:00:00Z,2026-03-01T12:01:00.5Z,1\n",
    "worker,runtime\n1,12ms\n2,900us\n1,14ms\n",
  ]

  @Test func noNumberChangesWithoutAWord() throws {
    var random = SplitMix(seed: Self.seed)
    let originals = try Self.tables.map { try RecordedDurations.parse([UInt8]($0.utf8)) }
    var counts = (refused: 0, said: 0, agreed: 0)
    var disagreements = 0
    for round in 0..<Self.count {
      let index = round % Self.tables.count
      var bytes = [UInt8](Self.tables[index].utf8)
      for _ in 0...random.below(2) { bytes = random.edited(bytes) }
      guard let record = try? RecordedDurations.parse(bytes) else {
        counts.refused += 1
        continue
      }
      guard record.reading?.line == originals[index].reading?.line else {
        counts.said += 1
        continue
      }
      counts.agreed += 1
      let (own, plain) = (Self.jobs(of: record), PlainReader.jobs(bytes))
      let agree = plain.map { Self.agree(own, $0) } ?? false
      if !agree {
        let table = String(decoding: bytes, as: UTF8.self)
        Issue.record("seed \(Self.seed), edit \(round):\n\(table)\n\(own)\n\(plain ?? [])")
        disagreements += 1
        if disagreements == 50 { return }
      }
    }
    #expect(min(counts.refused, counts.said, counts.agreed) > Self.count / 20, "\(counts)")
    if Self.environment["STRAGGLER_FUZZ"] != nil { print("\(counts), seed \(Self.seed)") }
  }

  /// The unedited tables are read alike.
  @Test(arguments: tables) func readsAsThePlainReaderDoes(_ table: String) throws {
    let bytes = [UInt8](table.utf8)
    let plain = try #require(PlainReader.jobs(bytes))
    #expect(Self.agree(Self.jobs(of: try RecordedDurations.parse(bytes)), plain))
  }

  private static func jobs(of record: RecordedDurations) -> [PlainReader.Job] {
    record.values.indices.map { index in
      let worker = record.workers.map { record.workerNames[$0[index]] } ?? ""
      return PlainReader.Job(worker: worker, seconds: record.values[index])
    }
  }

  private static func agree(_ first: [PlainReader.Job], _ second: [PlainReader.Job]) -> Bool {
    first.count == second.count
      && zip(first, second).allSatisfy { one, other in
        one.worker == other.worker
          && (one.seconds == other.seconds || abs(one.seconds - other.seconds) <= 1e-9 * max(1, one.seconds))
      }
  }
}

extension SplitMix {
  private mutating func one<Element>(of list: [Element]) -> Element { list[below(list.count)] }

  /// A table with one change of the kinds that people and programs make.
  fileprivate mutating func edited(_ bytes: [UInt8]) -> [UInt8] {
    if below(4) == 0 { return mutated(bytes) }
    let text = String(decoding: bytes, as: UTF8.self)
    // A carriage return and a line feed are one character.
    let parts = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    var lines = parts.map { String(Substring($0)) }
    let line = below(lines.count)
    let separator = ";\t|, ".first { text.split(separator: "\n").first?.contains($0) == true } ?? ","
    var cells = lines[line].split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    switch below(9) {
    case 0 where !cells.isEmpty:
      cells[below(cells.count)] = one(of: Self.values)
      lines[line] = cells.joined(separator: String(separator))
    case 1 where !cells.isEmpty:
      var titles = lines[0].split(separator: separator, omittingEmptySubsequences: false).map(String.init)
      guard !titles.isEmpty else { break }
      titles[below(titles.count)] = one(of: Self.titles)
      lines[0] = titles.joined(separator: String(separator))
    case 2: lines[line] = lines[line].replacing(String(separator), with: String(one(of: Array(";\t|, "))))
    case 3:
      let other = String(one(of: Array(";\t|, ")))
      lines = lines.map { $0.replacing(String(separator), with: other) }
    case 4:
      lines[line] = one(of: [lines[line].uppercased(), lines[line].lowercased(), lines[line] + " # note"])
    case 5: lines.remove(at: line)
    case 6: lines.insert(one(of: ["# worker,duration_ms", "", lines[line]]), at: line)
    case 7 where cells.count > 1:
      cells.swapAt(0, cells.count - 1)
      lines[line] = cells.joined(separator: String(separator))
    default:
      lines = lines.map { $0.isEmpty ? $0 : $0 + String(separator) + "7" }
    }
    return [UInt8](lines.joined(separator: below(8) == 0 ? "\r\n" : "\n").utf8)
  }

  private static let values = [
    "", "NA", "nan", "-1", "12ms", "00:01:30", "1:30", "inf", "1e3", "1,5", "#x", "\"a b\"", "01", "1", "2",
    "3",
    "gpu-1", "0x10", "1.5 s", "900us", "FAILED", "OK", "RUNNING", "0", "1700000000", "2026-03-01T12:00:00",
    "'1'",
    "1_000", "٣", "\"1\"", "1d", "5m", ".5", "5.", "+2",
  ]
  private static let titles = [
    "worker", "rank", "id", "duration", "duration_ms", "time", "time (us)", "elapsed [min]", "seconds", "ms",
    "timestamp", "status", "start", "end", "Duration", "step-time", "StepTime_ns", "host name", "queue",
    "note",
    "duration (cycles)", "durationms", "exit_code", "trainer", "time_h", "", "7", "min", "name",
  ]
}
