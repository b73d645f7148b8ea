// SPDX-License-Identifier: Apache-2.0

import Foundation
@testable import StragglerLab
import Testing

@testable import StragglerLanguage

/// The keys of `plot`.
@Suite struct PlotTests {
  private static let compared =
    "problem quadratic dim=30 noise=0.01; workers 4 tau=i delay=exponential(1); "
    + "compare \"rennala gamma=0.5 batch=2 label=Rennala\" \"asgd gamma=0.2\" time=60 seeds=4; "
  private static let swept =
    "problem quadratic dim=20 noise=0.01; workers 3 tau=i; method rennala; "
    + "sweep gamma in [1,0.25,0.5] batch in [1,4] time=40 seeds=2; "

  private func series(_ session: Session) throws -> [[String: Any]] {
    try #require(session.objects.last?["series"] as? [[String: Any]], "\(session.error)")
  }

  private func svg(_ script: String) throws -> String {
    let path = NSTemporaryDirectory() + "straggler-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path + ".svg") }
    let session = Session("let f = \"\(path)\"; " + script)
    #expect(session.outcome == .done, "\(script): \(session.error)")
    return try String(contentsOfFile: path + ".svg", encoding: .utf8)
  }

  @Test func textsAndSizesAreTaken() throws {
    let text = try svg(
      Self.compared
        + "plot f+\".svg\" y=gap logy title=\"A & B\" xlabel=seconds ylabel=\"the gap\" width=400 height=300 "
        + "label=[\"First one\",Second] markers")
    for part in ["A &amp; B", ">seconds<", ">the gap<", ">First one<", ">Second<", "height=\"300\""] {
      #expect(text.contains(part), "\(part)")
    }
    let paper = try svg(Self.compared + "plot f+\".svg\" y=gap logy style=paper")
    #expect(paper.contains("class=\"straggler-paper\"") && paper.contains(" width=\"320\""))
    let terminal = Session(Self.compared + "plot y=gap width=50 height=12").transcript.text
    let lines = terminal.split(separator: "\n").suffix(12)
    #expect(lines.allSatisfy { $0.count <= 50 }, "\(terminal)")
  }

  @Test func curvesAreChosenAndRenamed() throws {
    let chosen = try series(
      Session(Self.compared + "plot y=gap curves=[\"asgd gamma=0.2\"] label=A", json: true))
    #expect(chosen.map { $0["name"] as? String } == ["A"])
    let both = Session(Self.compared + "plot y=gap curves=[\"asgd gamma=0.2\",Rennala]", json: true)
    #expect(try series(both).map { $0["name"] as? String } == ["asgd gamma=0.2", "Rennala"])
    let wrong = Session(Self.compared + "plot y=gap curves=Renala")
    #expect(wrong.error.contains("there is no curve 'Renala'") && wrong.error.contains("Rennala"))
    #expect(Session(Self.compared + "plot y=gap label=[a,b,c]").error.contains("3 labels and 2 curves"))
  }

  @Test func bandsAndCentresAreThoseOfTheSeeds() throws {
    func points(_ keys: String) throws -> [[Double]] {
      let session = Session(Self.compared + "plot y=gap \(keys)", json: true)
      return try #require(try series(session)[0]["points"] as? [[Double]])
    }
    let (all, none) = (try points(""), try points("band=none"))
    let (std, sem) = (try points("band=std"), try points("band=sem"))
    let (half, median) = (try points("band=quantile(0.5)"), try points("center=median"))
    #expect(all.contains { $0[2] < $0[1] && $0[1] < $0[3] })
    for index in all.indices {
      #expect(none[index][2] == none[index][1] && none[index][1] == all[index][1])
      let (wide, narrow) = (std[index][3] - std[index][1], sem[index][3] - sem[index][1])
      #expect(abs(wide - 2 * narrow) <= 1e-9 * wide + 1e-12)
      #expect(half[index][2] == half[index][3] && half[index][2] == median[index][1])
      #expect(all[index][2] <= median[index][1] && median[index][1] <= all[index][3])
    }
    #expect(Session(Self.compared + "plot band=quantile(2)").error.contains("takes a share from 0 to 1"))
    #expect(Session(Self.compared + "plot band=wide").outcome == .failed)
  }

  @Test func listsMakePanels() throws {
    let session = Session(Self.compared + "plot x=[time,iteration] y=[gap,gradnorm2]", json: true)
    let panels = session.objects.suffix(4)
    #expect(panels.map { $0["x"] as? String } == ["time", "iteration", "time", "iteration"])
    #expect(panels.map { $0["y"] as? String } == ["gap", "gap", "gradnorm2", "gradnorm2"])
    let text = try svg(
      Self.compared + "plot f+\".svg\" x=[time,iteration] y=[gap,energy] title=All ylabel=[g,e]")
    for part in [">All<", ">g<", ">e<", ">model updates<"] { #expect(text.contains(part), "\(part)") }
    #expect(text.components(separatedBy: ">Rennala<").count == 2)
  }

  @Test func limitsCutAndAreChecked() throws {
    let text = try svg(Self.compared + "plot f+\".svg\" y=gap logy xlim=[10,20] ylim=0.01..10")
    #expect(text.contains(">12<") && !text.contains(">40<"))
    let zero = Session(Self.compared + "plot y=gap logy ylim=[0,1]")
    #expect(zero.error.contains("these are no ends of an axis"))
    #expect(Session(Self.compared + "plot y=gap xlim=[3,2]").error.contains("these are no ends of an axis"))
    #expect(Session(Self.compared + "plot y=gap xlim=3").outcome == .failed)
    let empty = Session(Self.compared + "plot y=gap xlim=[1000,2000]")
    #expect(empty.outcome == .failed && empty.error.contains("there is nothing to draw"))
  }

  @Test func tablesWithTextsAreBars() throws {
    let rows = "table t; for k in 1..3 { row m=\"a\" v=k; row m=\"b\" v=1/(k-2) }; "
    let session = Session(rows + "plot x=m y=v", json: true)
    let points = try #require(try series(session)[0]["points"] as? [[Any]])
    #expect(points.map { $0[0] as? String } == ["a", "b"])
    #expect(points[0][1] as? Double == 2)
    #expect(Session(rows + "plot x=m y=v").transcript.text.contains("█"))
    #expect(try svg(rows + "plot f+\".svg\" x=m y=v").contains(">b<"))
    #expect(Session(rows + "plot x=m y=v xlim=[0,1]").error.contains("an axis of texts has no ends"))
    let methods = Session(Self.compared + "plot x=method y=gap", json: true)
    let bars = try #require(try series(methods)[0]["points"] as? [[Any]])
    #expect(bars.map { $0[0] as? String } == ["Rennala", "asgd gamma=0.2"])
  }

  @Test func sweepsArePlottedOverTheirKeys() throws {
    let session = Session(Self.swept + "plot x=gamma y=gap", json: true)
    let curves = try series(session)
    #expect(curves.map { $0["name"] as? String } == ["batch=1", "batch=4"])
    let rows = session.objects.filter { $0["gamma"] != nil && $0["batch"] as? Double == 1 }
    let points = try #require(curves[0]["points"] as? [[Double]])
    #expect(points.map { $0[0] } == [0.25, 0.5, 1])
    for point in points {
      let row = try #require(rows.first { $0["gamma"] as? Double == point[0] })
      #expect(abs(point[1] - (row["gap"] as? Double ?? .nan)) <= 1e-12 * point[1])
      #expect(point[2] < point[1] && point[1] < point[3])
    }
    let map = try #require(
      Session(Self.swept + "plot heat=gap x=gamma y=batch", json: true).objects.last)
    #expect(
      map["x_values"] as? [String] == ["0.25", "0.5", "1"] && map["y_values"] as? [String] == ["1", "4"])
    let cells = try #require(map["cells"] as? [[Double]])
    #expect(cells[0] == points.map { $0[1] })
    let least = try #require(cells.joined().min())
    let best = try #require(map["best"] as? [String])
    let column = try #require(["0.25", "0.5", "1"].firstIndex(of: best[0]))
    #expect(cells[best[1] == "1" ? 0 : 1][column] == least)
    #expect(try svg(Self.swept + "plot f+\".svg\" heat=gap x=gamma y=batch").contains("class=\"best\""))
    // Without a key of the sweep: the traces of its best points.
    #expect(try series(Session(Self.swept + "plot y=gap", json: true)).count == 6)
    #expect(Session(Self.compared + "plot heat=gap x=time").error.contains("heat= is for tables and sweeps"))
  }

  /// A time that was not reached is infinite: it has its mark, and a note says how many there are.
  @Test func whatWasNotReachedIsMarked() throws {
    let script =
      "problem quadratic dim=20 noise=0.01; workers 3 tau=i; method rennala batch=2; "
      + "sweep gamma in [1e-6,0.5] gap<0.1 time=400; "
    let text = Session(script + "plot x=gamma y=time logx").transcript.text
    #expect(text.contains("▲"))
    #expect(text.contains("note: simulated time: 1 value above every number at the upper edge (▲)"))
    let file = NSTemporaryDirectory() + "straggler-\(UUID().uuidString).svg"
    defer { try? FileManager.default.removeItem(atPath: file) }
    #expect(Session(script + "plot \"\(file)\" x=gamma y=time logx").transcript.text.hasSuffix("(▲)\n"))
  }

  @Test func aCurveBreaksWhereTheTraceHasNoValue() throws {
    let points = [1.0, .nan, 0, 2].enumerated().map { index, gap in
      TracePoint(
        time: Double(index), iteration: index, arrivals: index, used: index, loss: gap, gap: gap,
        gradnorm2: 1,
        accuracy: .nan)
    }
    let plot = TraceReport([NamedTrace(method: "a", seed: 1, points: points)]).plot(
      x: .time, y: .gap, logY: true)
    #expect(plot.series[0].points.count == 4 && plot.notes.first?.contains("1 value missing") == true)
    // A quantity that falls along the run as x: in the order of the points.
    let back = TraceReport([NamedTrace(method: "a", seed: 1, points: points)]).plot(x: .gap, y: .time)
    #expect(back.series[0].points.filter { !$0.x.isNaN }.map(\.x) == [1, 0, 2])
  }

  @Test func anEmptyFigureIsAnError() {
    let session = Session("table t; row x=1 y=0/0; row x=2 y=0/0; plot x=x y=y")
    #expect(session.outcome == .failed)
    #expect(session.error.contains("there is nothing to draw"), "\(session.error)")
  }
}
