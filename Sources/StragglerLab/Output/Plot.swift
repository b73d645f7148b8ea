// SPDX-License-Identifier: Apache-2.0

/// Curves over common axes: what a terminal plot and an SVG figure are drawn from.
///
/// Points that are not finite are skipped, on logarithmic axes also those at or below zero. Those above every
/// number, such as the time to a goal that was not reached, are marked at the upper edge.
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

  /// What is above the plot; empty for none.
  public var title: String
  /// The axis to the right.
  public var x: Axis
  /// The axis upwards.
  public var y: Axis
  /// The curves, in the order of the legend.
  public var series: [Series]

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
      case "energy": ("energy", "")
      case "gamma": ("stepsize γ", "")
      default: (key, "")
      }
    var axis = Self(label: label, unit: unit, isLogarithmic: isLogarithmic)
    axis.key = key
    return axis
  }

  /// The label with its unit, and with the power of ten that the tick labels leave out.
  func caption(factor: Int = 0) -> String {
    let power = factor == 0 ? "" : "×10\(NumberText.superscript(factor))"
    let scale = [power, unit].filter { !$0.isEmpty }.joined(separator: " ")
    return scale.isEmpty ? label : "\(label) (\(scale))"
  }
}

extension Plot.Series {
  /// Where the points are that lie above every number.
  func beyond(x axis: Plot.Axis) -> [Double] {
    points.filter { $0.y == .infinity && $0.x.isFinite && !(axis.isLogarithmic && $0.x <= 0) }.map(\.x)
  }

  /// The runs of points in a row that can be drawn, their bands cut to what is finite. A point without a
  /// place breaks the curve: a line across it would show values that are not there.
  ///
  /// On a logarithmic y axis the lower edge of a band may still be at or below zero: it leaves the frame.
  func pieces(x: Plot.Axis, y: Plot.Axis) -> [[Plot.Point]] {
    var pieces: [[Plot.Point]] = []
    var piece: [Plot.Point] = []
    for point in points {
      let isOnX = point.x.isFinite && !(x.isLogarithmic && point.x <= 0)
      let isOnY = point.y.isFinite && !(y.isLogarithmic && point.y <= 0)
      guard isOnX, isOnY else {
        if !piece.isEmpty { pieces.append(piece) }
        piece = []
        continue
      }
      var point = point
      point.low = point.low.isFinite ? min(point.low, point.y) : point.y
      point.high = point.high.isFinite ? max(point.high, point.y) : point.y
      piece.append(point)
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }
}
