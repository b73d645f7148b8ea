// SPDX-License-Identifier: Apache-2.0

/// What is drawn over a pair of axes: curves; bars, where the first axis has categories; or the cells of a
/// heat map, where both have.
///
/// A curve breaks where a point is missing. Values above every number, such as the time to a goal that was
/// not reached, are marked at the upper edge, and those at or below zero on a logarithmic axis at the lower
/// one; `notes` counts them.
public struct Plot: Equatable, Sendable {
  /// One direction of a plot.
  public struct Axis: Equatable, Sendable {
    /// The key of what is shown; empty where it has none.
    public var key = ""
    /// What is shown, as the field writes it.
    public var label: String
    /// Empty for numbers without a unit.
    public var unit: String
    /// Whether equal distances are equal ratios; values that are not positive are then left out.
    public var isLogarithmic: Bool
    /// What the axis covers; nil for all there is. On a logarithmic axis both ends are above zero.
    public var limits: ClosedRange<Double>?
    /// The texts along the axis, at 0, 1, 2, …; empty for numbers.
    public var categories: [String] = []

    /// An axis without a key, for what is no quantity of a trace.
    public init(label: String, unit: String = "", isLogarithmic: Bool = false) {
      self.label = label
      self.unit = unit
      self.isLogarithmic = isLogarithmic
    }
  }

  /// A place of a curve with the least and the greatest value over seeds, both equal to `y` for a single
  /// seed.
  public struct Point: Equatable, Sendable {
    /// Where the point is along the first axis.
    public var x: Double
    /// The value: usually the mean over seeds.
    public var y: Double
    /// The least value over seeds, where the band begins.
    public var low: Double
    /// The greatest value over seeds, where the band ends.
    public var high: Double

    /// A point with a band from `low` to `high`.
    public init(x: Double, y: Double, low: Double, high: Double) {
      self.x = x
      self.y = y
      self.low = low
      self.high = high
    }

    /// A point without a place, which breaks a curve.
    static let gap = Self(x: .nan, y: .nan)

    /// A point without a band.
    public init(x: Double, y: Double) {
      self.init(x: x, y: y, low: y, high: y)
    }
  }

  /// A named curve.
  public struct Series: Equatable, Sendable {
    /// What the legend calls it.
    public var name: String
    /// In the order in which they are joined.
    public var points: [Point]

    /// A curve through `points`.
    public init(name: String, points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// Numbers by two categories, drawn as coloured cells.
  public struct Heat: Equatable, Sendable {
    /// What the numbers are; logarithmic where colours stand for ratios.
    public var scale: Axis
    /// A row for each category of the y axis, with a number for each of the x axis; NaN where there is none.
    public var cells: [[Double]]
    /// Where the best cell is: its column and its row.
    public var best: SIMD2<Int>?

    /// The cells over the categories of a plot's axes.
    public init(scale: Axis, cells: [[Double]], best: SIMD2<Int>? = nil) {
      (self.scale, self.cells, self.best) = (scale, cells, best)
    }
  }

  /// What is above the plot; empty for none.
  public var title: String
  /// The axis to the right.
  public var x: Axis
  /// The axis upwards.
  public var y: Axis
  /// The curves, in the order of the legend.
  public var series: [Series]
  /// The cells of a heat map, which has no curves.
  public var heat: Heat?
  /// Whether each point of a curve has a mark, as far as there is room.
  public var hasMarkers = false

  /// A plot from its parts; `TraceReport` makes one of traces.
  public init(title: String = "", x: Axis, y: Axis, series: [Series]) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
  }
}

extension Plot.Axis {
  /// The axis of a quantity of a trace, named by its key (`gap`, `gradnorm2`, `time`, …).
  ///
  /// A key that is not known is its own label.
  public static func quantity(_ key: String, isLogarithmic: Bool = false) -> Self {
    let (label, unit) =
      switch key {
      case "time": ("simulated time", "s")
      case "wall": ("wall-clock time", "s")
      case "iteration": ("model updates", "")
      case "arrivals": ("gradients delivered", "")
      case "used": ("gradients used", "")
      case "discarded": ("gradients discarded", "")
      case "gradients": ("stochastic gradients", "")
      case "loss": ("f(x)", "")
      case "gap": ("f(x) − f*", "")
      case "gradnorm2": ("‖∇f(x)‖²", "")
      case "accuracy": ("test accuracy", "")
      case "available": ("share of workers on", "")
      case "cancelled": ("jobs cancelled", "")
      case "messages": ("messages", "")
      case "coordinates": ("coordinates sent", "")
      case "busy": ("share of time at work", "")
      case "delay_mean": ("mean delay", "updates")
      case "consensus": ("distance from consensus", "")
      case "energy": ("energy", "")
      case "gamma": ("stepsize γ", "")
      default: (key, "")
      }
    var axis = Self(label: label, unit: unit, isLogarithmic: isLogarithmic)
    axis.key = key
    return axis
  }

  /// The label with its unit, and with the power of ten and the number that the tick labels leave out.
  func caption(_ ticks: Ticks? = nil) -> String {
    let factor = ticks?.factor ?? 0
    let offset = ticks?.offset ?? ""
    let parts = [
      factor == 0 ? "" : "×10\(NumberText.superscript(factor))", offset.isEmpty ? "" : "+ \(offset)", unit,
    ]
    let scale = parts.filter { !$0.isEmpty }.joined(separator: " ")
    return scale.isEmpty ? label : "\(label) (\(scale))"
  }

  /// Whether numbers have a place along the axis.
  func has(_ number: Double) -> Bool { number.isFinite && !(isLogarithmic && number <= 0) }

  /// Whether the axis may be limited so.
  public func allows(_ limits: ClosedRange<Double>) -> Bool {
    has(limits.lowerBound) && has(limits.upperBound) && limits.lowerBound < limits.upperBound
  }
}

extension Plot.Series {
  /// Where the points are that lie above every number.
  func above(x: Plot.Axis) -> [Double] { points.filter { $0.y == .infinity && x.has($0.x) }.map(\.x) }

  /// Where the points are that lie below every number, or at or below zero on a logarithmic axis.
  func below(x: Plot.Axis, y: Plot.Axis) -> [Double] {
    points.filter { !$0.y.isNaN && $0.y < .infinity && !y.has($0.y) && x.has($0.x) }.map(\.x)
  }

  /// The runs of points in a row that can be drawn, their bands cut to what is finite. A point without a
  /// place breaks the curve: a line across it would show values that are not there.
  ///
  /// On a logarithmic y axis the lower edge of a band may still be at or below zero: it leaves the frame.
  func pieces(x: Plot.Axis, y: Plot.Axis) -> [[Plot.Point]] {
    var pieces: [[Plot.Point]] = []
    var piece: [Plot.Point] = []
    for var point in points {
      guard x.has(point.x), y.has(point.y) else {
        if !piece.isEmpty { pieces.append(piece) }
        piece = []
        continue
      }
      point.low = point.low.isFinite ? min(point.low, point.y) : point.y
      point.high = point.high.isFinite ? max(point.high, point.y) : point.y
      piece.append(point)
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }
}

extension Plot {
  /// Whether there is nothing to draw within the limits of the axes, not even a mark at an edge.
  public var isEmpty: Bool {
    if let heat { return heat.cells.joined().allSatisfy(\.isNaN) }
    return PlotFrame(self).isEmpty
  }

  /// What has to be said of the values that have no place in the picture.
  public var notes: [String] {
    func counted(_ count: Int, _ what: String) -> String { "\(count) value\(count == 1 ? "" : "s") \(what)" }
    var parts: [String] = []
    if let heat {
      let infinite = heat.cells.joined().count { $0 == .infinity }
      if infinite > 0 { parts.append(counted(infinite, "above every number (∞)")) }
      let missing = heat.cells.joined().count { $0.isNaN }
      if missing > 0 { parts.append(counted(missing, "missing")) }
      return parts.isEmpty ? [] : ["note: \(heat.scale.label): " + parts.joined(separator: ", ")]
    }
    let below = series.reduce(0) { $0 + $1.below(x: x, y: y).count }
    if below > 0 {
      let what = y.isLogarithmic ? "at or below 0" : "below every number"
      parts.append(counted(below, "\(what) at the lower edge (▼)"))
    }
    let above = series.reduce(0) { $0 + $1.above(x: x).count }
    if above > 0 { parts.append(counted(above, "above every number at the upper edge (▲)")) }
    let points = series.flatMap(\.points)
    let missing = points.count { $0.y.isNaN && !$0.x.isNaN }
    if missing > 0 { parts.append(counted(missing, "missing")) }
    var notes = parts.isEmpty ? [] : ["note: \(y.label): " + parts.joined(separator: ", ")]
    let outside = points.count { !x.has($0.x) && !$0.y.isNaN }
    if outside > 0 {
      notes.append(
        "note: \(x.label): \(counted(outside, "without a place on the axis")), left out")
    }
    return notes
  }

  /// Whether values are bars over categories.
  var hasBars: Bool { heat == nil && !x.categories.isEmpty }
}
