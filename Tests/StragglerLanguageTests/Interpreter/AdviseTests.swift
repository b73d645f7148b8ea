// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
@testable import StragglerLab
import Testing

@testable import StragglerLanguage

@Suite struct AdviseTests {
  /// Calls `body` with the path of a file that holds `text`.
  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    try body(file.path)
  }

  private let failing =
    "worker,duration\n"
    + (0..<40).map { "\($0 % 2 + 1),\($0 % 5 < 2 ? "inf" : "\(1 + $0 % 3)")" }
    .joined(separator: "\n")
  private let quick = "samples=5 seeds=1 gradients=5000"
  private let problem = "problem quadratic dim=5 noise=0.01; target epsilon=0.01; "

  @Test func saysWhatToDoAndHowToDoIt() throws {
    try withFile(failing) { path in
      let session = Session(problem + "advise trace \"\(path)\" \(quick)", json: true)
      #expect(session.outcome == .done, "\(session.error)")
      let objects = session.objects
      let fits = objects.filter { $0["report"] as? String == "fit" }
      #expect(fits.map { $0["worker"] as? String } == ["1", "2"])
      #expect(fits.allSatisfy { $0["failures"] as? Int == 8 && $0["count"] as? Int == 20 })
      #expect(
        objects.contains { $0["report"] as? String == "candidate" && $0["method"] as? String == "rennala" })
      let advice = try #require(objects.last)
      #expect(advice["report"] as? String == "advice" && advice["method"] as? String == "mindflayer")
      #expect((advice["trials"] as? [Any])?.count == 2)
      // Its commands do what it says.
      let commands = try #require(advice["commands"] as? [String])
      let applied = Session(commands.joined(separator: "; ") + "; stats", json: true)
      #expect(applied.outcome == .done, "\(applied.error)")
      #expect(applied.objects.last?["stopped"] as? String == "condition")
      #expect(applied.objects.last?["method"] as? String == "mindflayer")
      #expect(applied.objects.last?["time"] as? Double == advice["simulated_time"] as? Double)
    }
  }

  /// Slow spells that last are said where the range of the forecast is; the same durations in random
  /// order have none.
  @Test func saysThatDurationsHangTogether() throws {
    var stream = RandomStream(seed: 3, purpose: .data)
    var level = 0.0
    var durations = (0..<400).map { _ in
      level = 0.9 * level + stream.uniform() - 0.5
      return Elementary.exp(level)
    }
    for isShuffled in [false, true] {
      if isShuffled {
        for index in durations.indices.reversed() {
          durations.swapAt(index, stream.integer(below: index + 1))
        }
      }
      let lines = durations.enumerated().map { "\($0.offset % 2 + 1),\($0.element)" }
      try withFile("worker,duration\n" + lines.joined(separator: "\n")) { path in
        let command = problem + "advise trace \"\(path)\" \(quick)"
        let text = Session(command).transcript.text
        let first = text.split(separator: "\n\n", maxSplits: 1).first ?? ""
        let verdict = first.replacingOccurrences(of: "\n", with: " ")
        #expect(verdict.contains("taken for independent)") == !isShuffled, "\(text)")
        #expect(text.contains("are correlated in time") == !isShuffled)
        let session = Session(command, json: true)
        #expect(session.objects.last?["dependent"] as? Bool == !isShuffled)
        let correlations = session.objects.compactMap { $0["serial_correlation"] as? Double }
        #expect(correlations.count == 2 && correlations.allSatisfy { ($0 > 0.4) == !isShuffled })
      }
    }
  }

  @Test func isReadableAndEndsInCommands() throws {
    try withFile(failing) { path in
      let session = Session(problem + "advise trace \"\(path)\" timeout=30 \(quick)")
      let text = session.transcript.text
      #expect(
        text.hasPrefix(
          "\(path): 2 workers (by \"worker\"), 40 durations (by \"duration\", seconds), 16 failed"))
      #expect(text.contains("\nUse mindflayer clip="))
      #expect(text.hasSuffix("run gradnorm2<0.01\n"))
      let report = try #require(text.range(of: "To use it:")).lowerBound
      for line in text[..<report].split(separator: "\n") where !line.contains(path) {
        #expect(line.count <= 80, "\(line)")
      }
      // The same bytes every time, with any number of threads.
      let again = Session(problem + "advise trace \"\(path)\" timeout=30 \(quick)") { $0.threads = 2 }
      #expect(again.transcript.text == text)
    }
  }

  @Test func advisesOnAConfiguredFleet() {
    let session = Session(problem + "workers 4 tau=i; advise stops \(quick)", json: true)
    #expect(session.outcome == .done, "\(session.error)")
    #expect(session.objects.allSatisfy { $0["report"] as? String != "fit" })
    #expect(session.objects.last?["method"] as? String != nil)
    #expect((session.objects.last?["commands"] as? [String])?.contains("workers 4 tau=i") == true)
  }

  @Test func writesATimeoutForWorkersOfDifferentSpeed() {
    let candidate = AdviceCandidate("mindflayer", [("clip", .perWorker([29, 27.5]))])
    let session = Session(
      "workers 2 tau=i delay=exponential(1); \(candidate.command(gamma: 0.1)); run steps=3; stats", json: true
    )
    #expect(session.outcome == .done, "\(session.error)")
    #expect(session.objects.last?["iteration"] as? Int == 3)
  }

  @Test func keepsToMethodsThatFitTheData() {
    let session = Session(
      "problem quadratic dim=5 noise=0.01 heterogeneity=0.2; target epsilon=0.01; workers 3 tau=i; advise "
        + "\(quick)",
      json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let candidates = session.objects.filter { $0["report"] as? String == "candidate" }
    #expect(
      Set(candidates.compactMap { $0["method"] as? String }).isSubset(of: [
        "minibatch", "malenia", "ringleader", "vecna",
      ]))
    #expect(session.objects.last?["simulation"] as? String == "reached")
  }

  @Test func goesByConstantsWithoutAProblem() {
    let session = Session("workers 4; target epsilon=0.1 L=2 sigma2=1 Delta=5; advise \(quick)", json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let advice = session.objects.last
    #expect(advice?["smoothness"] as? Double == 2 && advice?["gap"] as? Double == 5)
    #expect(advice?["simulation"] as? String == "not simulated")
    #expect((advice?["commands"] as? [String])?.contains { $0.hasPrefix("problem") } == false)
  }

  @Test func speaksOfWhatIsDoubtful() throws {
    try withFile("worker,duration\n1,1\n2,2\n2,3\n") { path in
      let notes = Session(problem + "advise trace \"\(path)\" \(quick)", json: true).objects.last?["notes"]
      let text = (notes as? [String] ?? []).joined(separator: "; ")
      #expect(text.contains("workers 1 and 1 more have only 1 duration"))
    }
    try withFile("duration\n1\n2\n") { path in
      let session = Session("advise trace \"\(path)\" workers=3 \(quick)", json: true)
      let advice = session.objects.last
      #expect((advice?["commands"] as? [String])?.contains { $0.hasPrefix("workers 3 ") } == true)
      #expect((advice?["notes"] as? [String])?.contains { $0.contains("no problem is configured") } == true)
    }
  }

  @Test(
    arguments: [
      ("", "holds no durations"), ("worker,duration\n", "holds no durations"),
      ("worker,duration\n1,-2\n", "negative"),
      ("worker,duration\n1,nan\n", "nan"),
      ("worker,duration\n1,inf\n1,inf\n", "no job of the record ever ended"),
      ("worker,duration\n,2\n", "the worker is missing"), ("worker,duration\n1\n", "1 cell"),
      ("worker,duration\n1,1\n4,2\n", "have a gap: they are 1, 4, without 2, 3"),
    ] as [(String, String)]) func refusesBadRecords(_ text: String, _ expected: String) throws
  {
    try withFile(text) { path in
      let session = Session("advise trace \"\(path)\"")
      #expect(session.outcome == .failed)
      #expect(session.error.contains(expected), "\(session.error)")
    }
  }

  @Test(
    arguments: [
      ("advise", "there are no workers yet"), ("advise trace", "trace needs the file"),
      ("advise tracee \"x\"", "advise does not take 'tracee'"),
      ("advise trace \"/no/such/file\"", "/no/such/file"),
      ("workers 2; advise samples=-1", "samples="), ("workers 2; advise timeout=0", "timeout="),
      ("workers 2; problem network; advise", "L and σ² of the problem are not known"),
    ] as [(String, String)]) func refusesBadArguments(_ script: String, _ expected: String)
  {
    let session = Session(script)
    #expect(session.outcome == .failed, "\(script)")
    #expect(session.error.contains(expected), "\(session.error)")
  }

  @Test func readsTheSharedRecord() throws {
    guard let shared = SharedFolder.path else { return }
    let session = Session(
      problem + "advise trace \"\(shared)/delays/PIAG_Adaptive1_MNIST.csv\" columns=worker \(quick)",
      json: true)
    let data = Session(
      problem + "advise trace \"\(shared)/data/delays/PIAG_Adaptive1_MNIST.csv\" columns=worker \(quick)",
      json: true)
    #expect(session.outcome == .done || data.outcome == .done, "\(session.error) \(data.error)")
  }

  @Test func stopsWhereItIsInterrupted() {
    let session = Session("workers 4; advise", world: World(interrupted: { true }))
    #expect(session.outcome == .interrupted && session.transcript.text.isEmpty)
  }
}
