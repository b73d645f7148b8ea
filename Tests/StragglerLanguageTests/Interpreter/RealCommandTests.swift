// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// `real` at the prompt and in scripts.
@Suite(.timeLimit(.minutes(1))) struct RealCommandTests {
  private static let set = """
    problem quadratic d=20 noise=0.1
    workers 3 tau=i delay=lognormal(0,1)
    method rennala batch=3 gamma=0.1

    """

  private func world(interrupted: @escaping @Sendable () -> Bool = { false }) -> World {
    World(clock: { ProcessInfo.processInfo.systemUptime }, interrupted: interrupted)
  }

  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test func theSimulatorRepeatsWhatWasRecorded() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (replay, durations) = (folder.path + "/replay.csv", folder.path + "/durations.csv")
    let session = Session(
      Self.set + """
        real updates=30 scale=1e-4 replay='\(replay)' durations='\(durations)'
        save '\(folder.path)/real.csv' model
        workers 3 tau=i delay=trace("\(replay)")
        run updates=30
        save '\(folder.path)/run.csv' model
        """, json: true, world: world())
    #expect(session.outcome == .done, "\(session.error)")
    let reports = session.objects
    let real = try #require(reports.first { $0["command"] as? String == "real" })
    let run = try #require(reports.first { $0["command"] as? String == "run" })
    for key in ["time", "iteration", "arrivals", "used", "cancelled", "loss", "gap", "delay_mean"] {
      #expect(real[key] as? Double == run[key] as? Double, "\(key)")
    }
    #expect(real["stopped"] as? String == "steps")
    let models = try ["real", "run"].map {
      try String(contentsOfFile: folder.path + "/\($0).csv", encoding: .utf8)
    }
    #expect(models[0] == models[1])
    let text = try String(contentsOfFile: durations, encoding: .utf8)
    #expect(text.hasPrefix("worker,duration\n"))
    #expect(text.split(separator: "\n").count == 1 + 90)
  }

  @Test func itsTraceStandsBesideThatOfTheSimulation() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.path + "/both.csv"
    let session = Session(
      Self.set + "run updates=30; real updates=20 scale=0; save '\(file)'; plot; stats", world: world())
    #expect(session.outcome == .done, "\(session.error)")
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let labels = Set(text.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").last })
    #expect(labels == [" real\"", "rennala"] || labels.count == 2, "\(labels)")
    #expect(session.transcript.text.contains("rennala, real"))
    // The numbers are those of the last of the two.
    #expect(session.transcript.text.contains("iteration 20"))
    let back = Session(
      Self.set + "real updates=20 scale=0; run updates=30; expect iteration == 30", world: world())
    #expect(back.outcome == .done, "\(back.error)")
    let gone = Session(Self.set + "real updates=20 scale=0; seed 2; plot", world: world())
    #expect(gone.outcome == .failed)
  }

  @Test func anInterruptionReportsWhatWasReached() {
    let session = Session(
      "problem quadratic d=5; workers 2 tau=1e6; method minibatch gamma=0.1; real updates=3",
      world: world(interrupted: Flag(after: 12).isSet))
    #expect(session.outcome == .interrupted)
    #expect(session.transcript.text.contains("minibatch: stopped: interrupted · iteration 0"))
  }

  @Test func errorsSayWhatWouldBeRight() {
    func error(_ command: String, _ set: String = Self.set) -> String {
      Session(set + command, world: world()).error
    }
    #expect(error("real").contains("real needs to know when to stop"))
    #expect(error("real updates=3 threads=4").contains("4 threads for 3 workers"))
    #expect(error("real updates=3 threads=0").contains("threads"))
    #expect(error("real updates=3 scale=-1").contains("scale"))
    #expect(error("method dpsgd gamma=0.1; topology ring; real updates=3").contains("dpsgd"))
    #expect(error("method rennala-mvr a=0.1 gamma=0.1 batch=3; real updates=3").contains("pairs of"))
    #expect(error("workers 1 speed=sine(10,0.5); real updates=3").contains("real workers"))
    #expect(error("real updates=3 scale=0 replay=/no/such/folder/x.csv").contains("/no/such/folder"))
    #expect(error("real updates=3", "problem quadratic d=5\n").contains("worker"))
    #expect(Session(Self.set + "real updates=3").error.contains("there is no clock here"))
  }
}

/// Set once it has been looked at a number of times.
private final class Flag: Sendable {
  private let lock = NSLock()
  private nonisolated(unsafe) var left: Int

  init(after count: Int) { left = count }

  var isSet: @Sendable () -> Bool {
    { [self] in
      lock.withLock {
        left -= 1
        return left < 0
      }
    }
  }
}
