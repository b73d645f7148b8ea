/// Why a configuration cannot run. The core has no strings: the module that shows the error words it.
public enum SetupError: Error, Equatable, Sendable {
  /// The arena is too small, or the configuration needs more memory than can be addressed.
  case outOfMemory
  /// The value given for `key` is out of its range; `expected` says what would be right.
  case invalid(key: StaticText, expected: StaticText)
  /// `key` was left to the theory, which needs the constant `missing` of the problem and cannot know it here.
  case noTheory(key: StaticText, missing: StaticText)
  /// A slice of a long search is done. This is no failure: preparing once more continues the search.
  case unfinished
  /// The combination is invalid; `remedy` says what to do.
  case impossible(StaticText, remedy: StaticText)
}

/// Text known at compile time.
///
/// A `StaticString` that can be compared; the core has no other text.
public struct StaticText: Equatable, Sendable, ExpressibleByStringLiteral {
  /// The text itself, in UTF-8.
  public let value: StaticString

  @inlinable public init(stringLiteral value: StaticString) { self.value = value }
  /// The text `value`, for where a literal does not do.
  @inlinable public init(_ value: StaticString) { self.value = value }
}

extension StaticText {
  /// What `SetupError.noTheory` calls L.
  public static let smoothness: StaticText = "smoothness constant L"
  /// What `SetupError.noTheory` calls σ².
  public static let variance: StaticText = "variance σ² of its gradients"
  /// What `SetupError.noTheory` calls Δ.
  public static let gap: StaticText = "distance Δ of the first loss from the smallest one"
  /// What `SetupError.noTheory` calls R.
  public static let distance: StaticText = "distance R from the starting point to a minimum"
  /// What `SetupError.noTheory` calls L±².
  public static let hessianVariance: StaticText = "Hessian variance L±²"
  /// What `SetupError.noTheory` calls √((1/n) Σ Lᵢ²).
  public static let rootMeanSquareSmoothness: StaticText = "root mean square of the workers' constants Lᵢ"
  /// What `SetupError.noTheory` calls max Lᵢ.
  public static let largestSmoothness: StaticText = "largest of the workers' constants Lᵢ"
  /// What `SetupError.noTheory` calls ζ².
  public static let dissimilarity: StaticText = "bound ζ² on (1/n) Σ ‖∇fᵢ − ∇f‖² for all points"
}

extension Optional {
  /// The value, or what the theory gives where it was left out.
  @inlinable
  public func or(_ theory: @autoclosure () throws(SetupError) -> Wrapped) throws(SetupError) -> Wrapped {
    if let self { return self }
    return try theory()
  }
}
