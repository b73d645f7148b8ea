/// What the theory says of a prepared method: how many updates it needs for the goal and how long they take.
///
/// Quantities that no theorem gives, or that need a constant of the problem that is not known, are nan. Fleets with
/// random durations enter with their means. A method fills it in `predict(_:)`, from the parameters that it has been
/// prepared with, so that what is predicted is what runs.
public struct Prediction: Sendable {
  /// What the theorem is about.
  public enum Scope: UInt8, BitwiseCopyable, Sendable {
    /// All workers sample the same f.
    case shared
    /// Worker i samples fᵢ, f = (1/n) Σ fᵢ; shared data are a special case.
    case any
    /// f = (1/m) Σ fⱼ, and every worker can evaluate every fⱼ.
    case finiteSum
    /// f is convex, and the goal is E f(x) − f* ≤ ε.
    case convex
  }

  /// Where the constants of `iterations` and `time` come from.
  public enum Constants: UInt8, BitwiseCopyable, Sendable {
    /// Stated in the method's papers.
    case published
    /// Re-derived, and checked numerically, for this project.
    case derived
    /// No text at hand confirms them.
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

  public var scope: Scope
  public var constants: Constants
  public var guarantee = Guarantee.mean
  /// K, the updates after which the goal is reached.
  public var iterations = Double.nan
  /// The seconds in which they are made, at most, with constants.
  public var time = Double.nan
  /// The time complexity without constants: the method's entry in the papers' tables.
  public var table = Double.nan
  /// What no method for such problems can go below, up to a constant.
  public var lowerBound = Double.nan
  /// The same two for convex problems and E f − f* ≤ ε, where the distance to a minimum is known.
  public var convexTable = Double.nan
  public var convexLowerBound = Double.nan

  /// A number that belongs to the prediction, under the name that it has in reports.
  public struct Parameter: Sendable {
    public let name: StaticText
    public let value: Double
  }

  /// A number for every worker.
  public struct List: Sendable {
    public let name: StaticText
    /// In the memory of the set-up.
    public let values: Table<Double>
  }

  private var numbers: InlineArray<12, Parameter?> = InlineArray(repeating: nil)
  public private(set) var parameterCount = 0
  private var tables: InlineArray<4, List?> = InlineArray(repeating: nil)
  public private(set) var listCount = 0

  public init(_ scope: Scope, _ constants: Constants) {
    self.scope = scope
    self.constants = constants
  }

  /// Parameter number `index`, in the order in which they were added.
  public func parameter(_ index: Int) -> Parameter? { index < parameterCount ? numbers[index] : nil }

  /// List number `index`.
  public func list(_ index: Int) -> List? { index < listCount ? tables[index] : nil }

  /// Adds a parameter; a thirteenth is dropped.
  public mutating func add(_ name: StaticText, _ value: Double) {
    guard parameterCount < 12 else { return }
    numbers[parameterCount] = Parameter(name: name, value: value)
    parameterCount += 1
  }

  /// Adds a list; a fifth is dropped.
  public mutating func add(_ name: StaticText, _ values: Table<Double>) {
    guard listCount < 4 else { return }
    tables[listCount] = List(name: name, values: values)
    listCount += 1
  }
}
