// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// Fleets from tables, and numbers that are drawn once for each worker.
@Suite struct FleetTableTests {
  private let devices = """
    name,tau_ms,delay,power,battery
    phone-10,1500,"lognormal(0,i/n)",2,80
    phone-2,500,exponential(2),1,20
    tablet,2000,1,3,50

    """

  private func configuration(_ script: String) -> Configuration? {
    let session = Session(script)
    #expect(session.outcome == .done, "\(script) \(session.error)")
    return session.interpreter.workspace.configuration
  }

  @Test func rowsAreWorkers() throws {
    try RecordTests.withFile(devices) { path in
      let fleet = try #require(configuration("workers \"\(path)\" upload=i"))
      #expect(fleet.workers.map(\.tau) == [0.5, 1.5, 2] && fleet.workers.map(\.power) == [1, 2, 3])
      #expect(fleet.workers.map(\.upload) == [1, 2, 3] && fleet.names == ["phone-2", "phone-10", "tablet"])
      // What the table says is what the keys would say.
      let written = try #require(
        configuration(
          "workers 3 delay=1; workers 1..1 delay=exponential(2); workers 2..2 delay=lognormal(0,i/n)"))
      for worker in 0..<3 {
        #expect("\(fleet.workers[worker].delay)" == "\(written.workers[worker].delay)")
      }
      let session = Session("workers \"\(path)\"; show workers")
      #expect(
        session.transcript.text.hasPrefix(
          "\(path): 3 workers (by \"name\"), tau (by \"tau_ms\", milliseconds), power (by \"power\"), "
            + "delay (by \"delay\"), not used: battery\n")
          || session.transcript.text.contains(
            "not used: battery\nworkers \"\(path)\"\n# worker 1 is \"phone-2\"")
      )
    }
  }

  @Test func rowsAreDrawnByTheSeed() throws {
    try RecordTests.withFile(devices) { path in
      let script = "seed 3; workers 600 \"\(path)\""
      let fleet = try #require(configuration(script))
      let counts = Dictionary(grouping: fleet.workers, by: \.tau).mapValues(\.count)
      // Of 600 draws of three rows; five standard deviations are 58.
      #expect(counts.count == 3 && counts.values.allSatisfy { abs($0 - 200) < 58 }, "\(counts)")
      #expect(configuration(script)?.workers.map(\.tau) == fleet.workers.map(\.tau))
      #expect(
        configuration("workers 600 \"\(path)\"; seed 3")?.workers.map(\.tau) == fleet.workers.map(\.tau))
      #expect(
        configuration("seed 4; workers 600 \"\(path)\"")?.workers.map(\.tau) != fleet.workers.map(\.tau))
      // A worker's other columns are those of its row.
      let other = try #require(configuration(script + " upload=column(\"\(path)\",\"battery\")"))
      let pairs = Set(other.workers.map { [$0.tau, $0.upload] })
      #expect(pairs == [[1.5, 80], [0.5, 20], [2, 50]])
    }
  }

  @Test func drawsAreFixedBySeedWorkerAndPlace() throws {
    let script = "workers 400 tau=draw(exponential(1)) upload=draw(exponential(1))"
    let fleet = try #require(configuration(script))
    let (tau, upload) = (fleet.workers.map(\.tau), fleet.workers.map(\.upload))
    #expect(Set(tau).count == 400 && zip(tau, upload).allSatisfy { $0 != $1 })
    // The mean of 400 exponential times lies within five standard deviations of 1/20.
    #expect(abs(tau.reduce(0, +) / 400 - 1) < 0.25)
    // The same worker has the same draw in a fleet of another size, and after the seed is set again.
    #expect(configuration("workers 5 tau=draw(exponential(1))")?.workers.map(\.tau) == Array(tau.prefix(5)))
    #expect(configuration("seed 9; \(script); seed 1")?.workers.map(\.tau) == tau)
    #expect(configuration("seed 9; \(script)")?.workers.map(\.tau) != tau)
    // Two draws in one value are two.
    let two = try #require(configuration("workers 9 tau=draw(uniform(0,1))-draw(uniform(0,1))+1"))
    #expect(two.workers.allSatisfy { $0.tau != 1 })
    let nested = try #require(
      configuration("workers 3 delay=lognormal(draw(uniform(0,1)),draw(uniform(0,1)))"))
    #expect(nested.workers.count == 3)
  }

  /// `show` gives commands that make the same fleet, whatever variables the first had.
  @Test func showRecreatesIt() throws {
    try RecordTests.withFile(devices) { path in
      let script =
        "let s = 0.5; seed 7; "
        + "workers \"\(path)\" upload=draw(lognormal(0,s))+column(\"\(path)\",\"battery\")*s; "
        + "workers 2..3 delay=lognormal(0,draw(uniform(s,1)))"
      let first = try #require(configuration(script))
      let again = try #require(configuration(first.commands(of: .all).joined(separator: "\n")))
      #expect(again.workers.map(\.upload) == first.workers.map(\.upload))
      #expect(again.workers.map { "\($0.delay)" } == first.workers.map { "\($0.delay)" })
      #expect(again.names == first.names)
    }
  }

  /// Records and tables that name workers are joined by the names.
  @Test func recordsGoByTheNamesOfTheTable() throws {
    try RecordTests.withFile("name,tau\na,1\nb,2\n") { table in
      try RecordTests.withFile("worker,duration\nb,20\na,10\n") { record in
        let session = Session(
          "workers \"\(table)\" delay=trace(\"\(record)\"); method minibatch; run updates=1; stats",
          json: true)
        #expect(session.objects.last?["time"] as? Double == 22, "\(session.error)")
      }
      try RecordTests.withFile("worker,duration\nb,20\nc,10\n") { record in
        let session = Session("workers \"\(table)\" delay=trace(\"\(record)\")")
        #expect(session.error.contains("the record has no worker a"), "\(session.error)")
      }
    }
  }

  @Test func refusesWhatIsNotCertain() throws {
    try RecordTests.withFile(devices) { path in
      let scripts = [
        ("workers \"\(path)\" tau=3", "tau= is given, and"),
        ("workers 1..2 \"\(path)\"", "a whole fleet only"),
        ("workers 4 tau=column(\"\(path)\",\"tau_ms\")", "3 rows, and the fleet 4 workers"),
        ("workers 3 tau=column(\"\(path)\",\"nothing\")", "there is no column \"nothing\""),
        ("workers 4 unit=ms", "there is none"),
        ("echo 1; let x = draw(uniform(0,1))", "for every worker only"),
        ("workers 3; topology ring link=draw(uniform(0,1))", "for every worker only"),
        ("workers 3 tau=draw(1,2)", "draw takes one law"), ("workers 3 tau=column(1)", "column takes a file"),
        ("workers 3 tau=draw(uniform(0,1)", "closed"),
      ]
      for (script, words) in scripts {
        let session = Session(script)
        #expect(session.outcome == .failed && session.error.contains(words), "\(script): \(session.error)")
      }
    }
    try RecordTests.withFile("name,delay\na,exponential(1)\nb,exponential(-1)\n") { path in
      #expect(Session("workers \"\(path)\"").error.contains("\(path):3:3: rate of exponential"))
    }
  }
}
