// SPDX-License-Identifier: Apache-2.0

/// What the theory says about a prepared method: the updates that it needs for the goal and their duration.
///
/// Quantities that no theorem gives, or that need a constant of the problem that is not known, are NaN.
/// Fleets with random durations enter with their means. A method fills it in `predict(_:)`, from the
/// parameters that it has been prepared with, so that what is predicted is what runs.
public struct Prediction: Sendable {
  /// What the theorem is about.
  public enum Scope: UInt8, BitwiseCopyable, Sendable {
    /// All workers sample the same f.
    case shared
    /// Worker i samples fᵢ, f = (1/n) Σ fᵢ; shared data are a special case.
    case any
    /// f = (1/m) Σ fⱼ, and every worker can evaluate every fⱼ.
    case finiteSum
    /// f is convex, all workers sample the same f, and the goal is E f(x) − f* ≤ ε.
    case convex
    /// f = (1/n) Σ fᵢ is convex, worker i samples fᵢ, and the goal is E f(x) − f* ≤ ε.
    case convexAny
  }

  /// Where the constants of `iterations` and `time` come from.
  public enum Constants: UInt8, BitwiseCopyable, Sendable {
    /// Stated in the method's papers.
    case published
    /// Re-derived, and checked numerically, for this project.
    case derived
    /// Not confirmed by any text that was checked.
    case unverified
  }

  /// What becomes at most ε.
  public enum Guarantee: UInt8, BitwiseCopyable, Sendable {
    /// The mean over k of E‖∇f(x^k)‖².
    case mean
    /// The smallest E‖∇f(x^k)‖².
    case smallest
    /// E f(x^K) − f*.
    case gap
  }

  /// The problems that the theorem holds for.
  public var scope: Scope
  /// How far the constants of `iterations` and `time` can be relied on.
  public var constants: Constants
  /// What is at most ε after `iterations` updates.
  public var guarantee = Guarantee.mean
  /// K, the updates after which the goal is reached.
  public var iterations = Double.nan
  /// The seconds that they take at most, with constants.
  public var time = Double.nan
  /// The time complexity without constants: the method's entry in the papers' tables.
  public var table = Double.nan
  /// A lower bound for every method for such problems, up to a constant.
  public var lowerBound = Double.nan
  /// The time complexity without constants for convex f and E f − f* ≤ ε, where R is known.
  public var convexTable = Double.nan
  /// A lower bound for every method for such convex problems, up to a constant, where R is known.
  public var convexLowerBound = Double.nan

  /// Whether the times are for workers whose speeds change; if not, they say nothing of such workers.
  public var holdsForChangingSpeeds = false
  /// Whether the times have the seconds that workers wait for the model; if not, they leave them out.
  public var countsDownloads = false

  /// A number that belongs to the prediction, under the name that it has in reports.
  public struct Parameter: Sendable {
    /// What reports call it.
    public let name: StaticText
    /// Its value, NaN where it is not known.
    public let value: Double
  }

  /// A number for every worker.
  public struct List: Sendable {
    /// What reports call it.
    public let name: StaticText
    /// The value for worker i at index i, in the memory of the set-up; empty while that measures.
    public let values: Table<Double>
  }

  private var numbers: InlineArray<12, Parameter?> = InlineArray(repeating: nil)
  /// How many parameters have been added, from 0 to 12.
  public private(set) var parameterCount = 0
  private var tables: InlineArray<4, List?> = InlineArray(repeating: nil)
  /// How many lists have been added, from 0 to 4.
  public private(set) var listCount = 0

  /// A prediction of which nothing but its theorem's kind is known: all numbers are NaN.
  public init(_ scope: Scope, _ constants: Constants) {
    self.scope = scope
    self.constants = constants
  }

  /// Parameter number `index`, in the order in which they were added.
  public func parameter(_ index: Int) -> Parameter? { index < parameterCount ? numbers[index] : nil }

  /// List number `index`.
  public func list(_ index: Int) -> List? { index < listCount ? tables[index] : nil }

  /// Sets the time to `bound`, a theorem's for a possibly fractional number of updates, but to no less
  /// than `iterations` updates of `seconds` take.
  mutating func setTime(_ bound: Double, updatesOf seconds: Double) {
    time = max(bound, seconds * iterations)
  }

  /// Adds a parameter; a thirteenth throws `impossible`.
  public mutating func add(_ name: StaticText, _ value: Double) throws(SetupError) {
    guard parameterCount < numbers.count else {
      throw .impossible(
        "a prediction of more than 12 parameters", remedy: "leave some out in the method's predict(_:)")
    }
    numbers[parameterCount] = Parameter(name: name, value: value)
    parameterCount += 1
  }

  /// Adds a list; a fifth throws `impossible`.
  public mutating func add(_ name: StaticText, _ values: Table<Double>) throws(SetupError) {
    guard listCount < tables.count else {
      throw .impossible(
        "a prediction of more than 4 lists", remedy: "leave some out in the method's predict(_:)")
    }
    tables[listCount] = List(name: name, values: values)
    listCount += 1
  }
}
