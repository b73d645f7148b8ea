// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// The outcomes of a sweep under the names of what was varied: a table, JSON, CSV, curves and the best point.
public struct SweepReport: Sendable {
  /// The name and value of something that was varied.
  public typealias Label = Comparison.Label

  private let outcomes: [Sweep.Outcome]
  /// What distinguishes each outcome from the others.
  private let labels: [[Label]]
  private let names: [String]
  private let report: ComparisonReport

  /// `labels` are those of the points of the grid, by their numbers.
  public init(_ outcomes: [Sweep.Outcome], labels all: [[Label]]) {
    let labels = outcomes.map { all.indices.contains($0.index) ? all[$0.index] : [] }
    self.outcomes = outcomes
    self.labels = labels
    let short = labels.map { Self.name($0, digits: 6) }
    names = Set(short).count == short.count ? short : labels.map { Self.name($0, digits: 17) }
    let hasSchedules = labels.contains { $0.contains { $0.name == "gamma" && !$0.value.isNumeric } }
    report = ComparisonReport(zip(outcomes, labels).map { Self.entry($0, $1, hasSchedules) })
  }

  private static func entry(
    _ outcome: Sweep.Outcome, _ labels: [Label], _ hasSchedules: Bool
  ) -> ComparisonReport.Entry {
    // γ is among the statistics, as the run had it; one that changes has no number there.
    let others = labels.filter { $0.name != "method" && (hasSchedules || $0.name != "gamma") }
      .map { $0.name == "gamma" ? ("schedule", $0.value) : $0 }
    let known: [Label] = [("method", .text(outcome.row.method))] + others
    if outcome.rank != nil {
      return ComparisonReport.Entry(
        labels: known, row: outcome.row, stopped: ComparisonReport.stops(outcome.row))
    }
    let gamma = labels.first { $0.name == "gamma" }?.value.json.number
    let row = Comparison.Row(
      method: outcome.row.method, runs: [], gamma: gamma ?? .nan, reached: .nan)
    return ComparisonReport.Entry(labels: known, row: row, stopped: "hopeless")
  }

  /// The names of what was varied.
  public var keys: [String] {
    labels.first.map { $0.map(\.name) } ?? []
  }

  /// The numbers of every seed of every point, in the rising order of the first of `keys`.
  ///
  /// What was varied besides `keys` is a text in the column `curve`, where there is any.
  public func seedTable(besides keys: [String]) -> DataTable {
    var table = DataTable()
    let methods = Set(outcomes.map(\.row.method))
    func place(_ index: Int) -> Double {
      labels[index].first { $0.name == keys.first }?.value.json.number ?? 0
    }
    let order = outcomes.indices.sorted { (place($0), $0) < (place($1), $1) }
    let curves = labels.indices.map { index in
      let others = labels[index].filter { !keys.contains($0.name) && $0.name != "method" }
      let method = methods.count > 1 && !keys.contains("method") ? [outcomes[index].row.method] : []
      return (method + others.map { "\($0.name)=\($0.value.brief(digits: 6))" }).joined(separator: " ")
    }
    // Curves in the order of the grid.
    let ranks = curves.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    for curve in ranks {
      for index in order where curves[index] == curve {
        let known: [Label] = [("method", .text(outcomes[index].row.method))]
        let own = labels[index].filter { $0.name != "method" }
        let name: [Label] = curve.isEmpty ? [] : [("curve", .text(curve))]
        ComparisonReport.add(outcomes[index].row, known + name + own, to: &table)
      }
    }
    return table
  }

  /// Whether no point is over.
  public var isEmpty: Bool { outcomes.isEmpty }

  /// One object a point: the method, what was varied, the statistics averaged over the seeds with their
  /// ranges, and whether it is the best.
  public var json: [JSONValue] {
    zip(outcomes, report.entries).map { outcome, entry in
      .object(ComparisonReport.members(of: entry) + [.init("best", .bool(Self.isBest(outcome)))])
    }
  }

  /// What people look at first: the points with what was varied, in the order of the report.
  public var table: TextTable { report.table }
  /// A line a point, with what was varied and every statistic, as CSV.
  public var csv: String { report.csv }
  /// The same as cells.
  public var columns: (header: [String], rows: [[Cell]]) { report.columns }

  /// Whether a point is the best: where a condition was given, some seed has met it.
  private static func isBest(_ outcome: Sweep.Outcome) -> Bool {
    outcome.rank == 0 && (outcome.row.goal.conditions.isEmpty || outcome.row.reached > 0)
  }

  /// What the best point has of that which was varied, in order; nil where no point ended, or none met the
  /// condition.
  public var best: [Label]? {
    outcomes.firstIndex(where: Self.isBest).map { labels[$0] }
  }

  /// What `summary` says of the best point besides, by name; `inf` and NaN where no point is.
  public var bestNumbers: [(String, Double)] {
    guard let row = outcomes.first(where: Self.isBest)?.row else {
      return [("time", .infinity), ("gap", .nan), ("loss", .nan), ("reached", 0)]
    }
    let means = Dictionary(uniqueKeysWithValues: row.means.map { ($0.name, $0.value) })
    return ["time", "gap", "loss"].map { ($0, means[$0] ?? .nan) } + [("reached", row.reached)]
  }

  /// What has to be said of the times of the points.
  public var notes: [String] { report.notes }

  /// One line on the best point.
  public var summary: String {
    guard let index = outcomes.firstIndex(where: { $0.rank == 0 }) else {
      return "best: no point was finished"
    }
    let row = outcomes[index].row
    let means = Dictionary(uniqueKeysWithValues: row.means.map { ($0.name, $0.value) })
    let time = means["time"] ?? .nan
    var parts = ["best: " + names[index]]
    if !Self.isBest(outcomes[index]) {
      parts = ["best: no point met the condition", "least at " + names[index]]
    } else if time.isFinite {
      parts.append("time \(NumberText.brief(time))")
    } else if !time.isNaN {
      parts.append("time > \(NumberText.brief(Comparison.Row.mean(row.bounds)))")
    }
    let quantity = (means["gap"] ?? .nan).isNaN ? "loss" : "gap"
    parts.append("\(quantity) \(NumberText.brief(means[quantity] ?? .nan))")
    if row.runs.count > 1, Self.isBest(outcomes[index]) {
      parts.append("reached by \(NumberText.percent(row.reached)) of \(row.runs.count) seeds")
    }
    return parts.joined(separator: " · ")
  }

  /// `gamma=0.5 batch=4`.
  private static func name(_ labels: [Label], digits: Int) -> String {
    labels.map { "\($0.name)=\($0.value.brief(digits: digits))" }.joined(separator: " ")
  }

  /// The traces of the best points, the best one first.
  public var traces: [NamedTrace] {
    let ranked = outcomes.indices.filter { outcomes[$0].rank != nil }
      .sorted { (outcomes[$0].rank ?? 0) < (outcomes[$1].rank ?? 0) }
    return ranked.flatMap { index in
      outcomes[index].row.runs.filter { !$0.trace.isEmpty }.map { run in
        var trace = NamedTrace(method: names[index], seed: run.seed, points: run.trace)
        trace.evaluated = run.statistics.evaluated
        return trace
      }
    }
  }
}
