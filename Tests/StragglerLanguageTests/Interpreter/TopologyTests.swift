// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testing

@testable import StragglerLanguage

@Suite struct TopologyCommandTests {
  /// On a ring every node has to be looked at: 3,000 searches of 9,000 nodes and links each.
  @Test(arguments: ["plot topology", "theory fragile", "run steps=1", "theory"])
  func searchesThroughLargeNetworksCanBeInterrupted(command: String) {
    let asked = Mutex(0)
    let world = World(interrupted: {
      asked.withLock { count in
        count += 1
        return count > 8
      }
    })
    let session = Session(
      "problem quadratic dim=10; workers 3000; topology ring link=1; method relaysgd gamma=0.1; " + command,
      world: world)
    #expect(session.outcome == .interrupted)
    #expect(session.error == "")
    #expect(asked.withLock { $0 } < 30)
  }

  private func stats(_ script: String) throws -> [String: Any] {
    let session = Session(script + "; stats", json: true)
    #expect(session.error == "", "\(session.error)")
    return try #require(session.objects.last)
  }

  /// A line of 11 nodes, whose times the tests of the methods derive.
  @Test func timesOfLinksAreReadInEveryForm() throws {
    let fleet = "problem quadratic dim=100 noise=0; workers 11 tau=100;"
    func time(_ rest: String) throws -> Double {
      try #require(try stats("\(fleet) \(rest) gamma=0.5; run steps=1")["time"] as? Double)
    }
    #expect(try time("topology line link_per_coordinate=1; method minibatch-decentralized") == 1_100)
    #expect(try time("topology line link=100; method minibatch-decentralized") == 1_100)
    // As an expression in the ends of a link: the same.
    #expect(
      try time("topology line link=100*abs(i-j)+0*n; method minibatch-decentralized") == 1_100)
  }

  @Test func everyMethodRunsOnEveryShape() throws {
    let shapes = [
      "star", "star center=3", "line", "ring", "grid", "grid rows=2", "torus", "complete", "tree",
      "tree branching=3", "random(4)",
    ]
    let methods = [
      "fragile", "amelie", "fragile-accelerated", "amelie-accelerated", "minibatch-decentralized", "relaysgd",
      "gradient-tracking", "asgd-decentralized",
    ]
    for shape in shapes {
      let session = Session(
        "problem quadratic dim=10 noise=0.001; target epsilon=1e-3; workers 16 tau=sqrt(i); "
          + "topology \(shape) link=0.1*(1+abs(i-j)); compare \(methods.joined(separator: " ")) steps=30",
        json: true)
      #expect(session.error == "", "\(shape): \(session.error)")
      #expect(session.objects.count == methods.count)
      for row in session.objects {
        let gap = try #require(row["gap"] as? Double)
        #expect(gap.isFinite && gap < 4)
      }
    }
  }

  /// The cases `decentral_*` of the reference, from the command line.
  @Test func theoryOfNetworks() throws {
    let cases: [(script: String, expected: [String: [String: Double]])] = [
      (
        "workers 11; topology line link=2; target epsilon=1 L=1 Delta=1 sigma2=50",
        [
          "fragile": ["t_star": 10, "k_star": 5, "pivot": 3, "lower_bound_expr": 50.0 / 7, "table": 10],
          "minibatch-decentralized": ["table": 20 * (1 + 50.0 / 11), "pivot": 6], "amelie": ["table": 20],
        ]
      ),
      (
        "workers 100; topology grid link=1; target epsilon=1 L=1 Delta=1 sigma2=1000",
        [
          "fragile": ["t_star": 40.0 / 3, "k_star": 75, "pivot": 45, "lower_bound_expr": 10],
          "minibatch-decentralized": ["table": 198, "pivot": 45], "amelie": ["table": 18],
        ]
      ),
      (
        "workers 6 tau=1+(i==3)+(i==4)+2*(i==5); topology star center=6 link=min(i,j); "
          + "target epsilon=1 L=1 Delta=1 sigma2=20",
        [
          "fragile": ["t_star": 6, "k_star": 4, "pivot": 6, "lower_bound_expr": 5],
          "minibatch-decentralized": ["table": 39, "pivot": 6], "amelie": ["table": 9],
        ]
      ),
    ]
    for (script, expected) in cases {
      let session = Session("problem quadratic dim=5; \(script); theory", json: true)
      #expect(session.error == "", "\(session.error)")
      for (method, numbers) in expected {
        let row = try #require(session.objects.first { $0["method"] as? String == method }, "\(method)")
        for (key, value) in numbers {
          let found = try #require(row[key] as? Double, "\(method) \(key)")
          #expect(abs(found - value) <= 1e-9 * value, "\(method) \(key): \(found)")
        }
      }
    }
  }

  /// The pivot of Accelerated Fragile SGD minimises t* for σ²R/(ε^{3/2}√L) itself, not for the batch it is
  /// rounded to.
  @Test func pivotOfTheAcceleratedMethod() throws {
    // σ²R/(ε^{3/2}√L) = √(4/3) < 2 = S: node 3 alone takes t* = √(4/3) seconds, and no pair is that fast.
    let session = Session(
      "problem quadratic dim=2; workers 4 tau=1+(i!=3); topology line link=1; "
        + "target epsilon=0.3 sigma2=0.3 L=2.5 Delta=7 R=1; theory fragile-accelerated", json: true)
    #expect(session.error == "", "\(session.error)")
    let row = try #require(session.objects.last)
    #expect(row["batch"] as? Double == 2)
    #expect(row["pivot"] as? Double == 3)
    #expect(abs(try #require(row["t_star"] as? Double) - (4.0 / 3).squareRoot()) < 1e-12)
  }

  @Test func consensusIsAmongTheStatistics() throws {
    let base = "problem quadratic dim=10; workers 9; topology grid link=1;"
    let tracking = try stats("\(base) method gradient-tracking gamma=0.1; run steps=20")
    #expect(try #require(tracking["consensus"] as? Double) > 0)
    let fragile = try stats("\(base) method fragile gamma=0.1 batch=9; run steps=20")
    #expect(fragile["consensus"] is NSNull)
  }

  @Test(arguments: [
    ("workers 10; method fragile", "topology", "topology grid"),
    ("workers 10; topology grid; method fragile", "10 nodes", "9 or 16"),
    ("workers 10; topology torus rows=3; method fragile", "3 rows", "divisor"),
    ("workers 10; topology line link=-1; method fragile", "-1", "at least 0"),
    ("workers 10; topology line link=0/0; method fragile", "nan", "at least 0"),
    ("workers 10; topology line link=i-j; method fragile", "from 1 to 2", "at least 0"),
    ("workers 4; topology line link=1/(i+j!=5); method fragile", "nodes 3, 4", "add links"),
    ("workers 4; topology random(1); method fragile", "degree 1", "from 2 to 3"),
    ("workers 4; topology random(2.5); method fragile", "degree", "random(4)"),
    ("workers 4; topology random; method fragile", "random", "random(degree)"),
    ("workers 4; topology star center=5; method fragile", "node 5", "1 to 4"),
    ("workers 4; topology ring rows=2; method fragile", "rows=", "leave it out"),
    ("workers 4; topology file \"/nowhere/links.csv\"; method fragile", "links.csv", "check the path"),
    ("workers 4; topology file; method fragile", "needs a file", "links.csv"),
    ("workers 4; topology gird; method fragile", "gird", "grid"),
    ("workers 4; topology line; method fragile pivot=5", "pivot=", "1 to n"),
    ("workers 4; topology line; method fragile pivot=centre", "centre", "center"),
    ("plot topology", "no topology", "topology grid"),
    (
      "problem quadratic heterogeneity=1; workers 4; topology line; method fragile gamma=1 batch=1",
      "heterogeneous", "amelie"
    ),
  ])
  func whatIsWrongIsToldWithARemedy(_ script: String, _ subject: String, _ remedy: String) {
    let session = Session(script + "; run steps=1")
    #expect(session.outcome == .failed)
    #expect(session.error.contains(subject), "\(session.error)")
    #expect(session.error.contains(remedy), "\(session.error)")
  }

  /// A link's time is refused where it was written, as soon as it is known: a constant at once, an expression
  /// in the nodes with the first number of them, whichever of the two commands comes last.
  @Test(arguments: [
    ("topology line link=-1", 20, "link= is -1"),
    ("topology line link=0/0", 20, "link= is nan"),
    ("topology star link=1 link_per_coordinate=-2", 42, "link_per_coordinate= is -2"),
    ("workers 5; topology line link=i-j", 31, "from 1 to 2 takes -1 seconds"),
    ("workers 5; topology line link=sqrt(j-i)", 31, "from 2 to 1 takes nan seconds"),
    ("workers 5; topology line link_per_coordinate=3-i", 46, "from 4 to 3 takes -1 seconds for a coordinate"),
    ("topology line link=i-j; workers 5", 20, "from 1 to 2 takes -1 seconds"),
    ("topology line link=3-n; workers 5", 20, "link= is -2"),
    ("topology random(-1)", 10, "random(-1) has no degree"),
  ])
  func badTimesAreToldAtTopology(_ script: String, _ column: Int, _ what: String) {
    let session = Session(script)
    #expect(session.outcome == .failed)
    #expect(session.error.hasPrefix("<command>:1:\(column): error: "), "\(session.error)")
    #expect(session.error.contains(what), "\(session.error)")
    let remedy = script.contains("random") ? "random(4)" : "a message takes at least 0 seconds"
    #expect(session.error.contains(remedy), "\(session.error)")
  }

  /// What may still be put right by another command is not refused before the run.
  @Test func numbersOfNodesAreCheckedInTheEnd() {
    let session = Session(
      "workers 5; topology grid link=1; workers 9; topology line link=8-i+(i==9); workers 20; workers 9; "
        + "method fragile gamma=0.1 batch=2; run steps=1")
    #expect(session.error == "", "\(session.error)")
  }

  /// Runs `body` with a file of links.
  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "links-\(UUID().uuidString).csv")
    try Data(text.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    try body(path.path)
  }

  @Test func topologiesFromFiles() throws {
    try withFile("from,to,seconds\n1,2,1\n2,3,1\n") { path in
      let script = "problem quadratic dim=10 noise=0; workers 3; topology file \"\(path)\";"
      let run = try stats("\(script) method minibatch-decentralized gamma=0.5; run steps=1")
      #expect(run["time"] as? Double == 3)
      let few = Session("workers 2; topology file \"\(path)\"; method fragile; run steps=1")
      #expect(few.error.contains("no node 3"), "\(few.error)")
      let many = Session("workers 5; topology file \"\(path)\"; method fragile; run steps=1")
      #expect(many.error.contains("nodes 4, 5 cannot"), "\(many.error)")
      let directed = Session(
        "workers 3; topology file \"\(path)\" directed=true; method fragile; run steps=1")
      #expect(directed.error.contains("cannot reach node 1"), "\(directed.error)")
    }
    try withFile("1,2,1\n2,2,1\n") { path in
      let session = Session("workers 2; topology file \"\(path)\"")
      #expect(session.error.contains(":2:3: a link from node 2 to itself"), "\(session.error)")
    }
  }

  @Test func showRecreatesTheTopology() {
    let script =
      "let j=7; let a=2; workers 9 tau=j; topology grid rows=3 link=a*i+j link_per_coordinate=0.5; "
      + "method fragile batch=3 pivot=center; show"
    let session = Session(script)
    #expect(session.error == "")
    let text = session.transcript.text
    #expect(text.contains("topology grid rows=3 link=(2)*i+j link_per_coordinate=0.5"), "\(text)")
    #expect(Session(text + "\nshow").transcript.text == text)
  }

  @Test func drawsTheNetwork() throws {
    let base = "workers 9; topology grid link=1; method fragile gamma=0.1 batch=9 pivot=center; "
    let session = Session(base + "plot topology", json: true)
    let object = try #require(session.objects.last)
    #expect(object["pivot"] as? Int == 5)
    #expect((object["links"] as? [Any])?.count == 24)
    #expect((object["send_to"] as? [Any])?.count == 9)
    let text = Session(base + "plot topology").transcript.text
    #expect(text.contains("9 nodes, 24 links, pivot 5"), "\(text)")
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("net-\(UUID().uuidString).svg")
    defer { try? FileManager.default.removeItem(at: path) }
    for kind in ["grid", "line", "star", "ring", "tree", "complete", "random(3)", "torus"] {
      let drawn = Session("workers 9; topology \(kind) link=1; plot topology \"\(path.path)\"")
      #expect(drawn.error == "", "\(drawn.error)")
      let svg = try String(contentsOf: path, encoding: .utf8)
      #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n") && svg.contains("pivot"))
      #expect(!svg.contains("nan"))
    }
  }

  @Test func ganttAndLogOfNetworks() throws {
    let log = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString).csv")
    defer { try? FileManager.default.removeItem(at: log) }
    let session = Session(
      "workers 9 tau=i; topology grid link=1; method fragile gamma=0.1 batch=20; log \"\(log.path)\"; "
        + "run steps=5; gantt; stats", json: true)
    #expect(session.error == "", "\(session.error)")
    let bars = try #require(
      session.objects.first { $0["command"] as? String == "gantt" }?["bars"] as? [[Any]])
    let used = bars.filter { $0[3] as? String == "used" }
    let stats = try #require(session.objects.last)
    #expect(used.count == stats["used"] as? Int)
    let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
    #expect(lines.count { $0.contains(",use,") } == used.count)
  }
}
