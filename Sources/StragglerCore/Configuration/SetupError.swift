/// Why a configuration cannot run. Whoever shows it knows the words; the core has none.
public enum SetupError: Error, Equatable, Sendable {
  /// The arena is too small, or the configuration needs more memory than can be addressed.
  case outOfMemory
  /// The value given for `key` is out of its range; `expected` says what would be right.
  case invalid(key: StaticText, expected: StaticText)
  /// `key` was left to the theory, which needs `quantity` and cannot know it here.
  case noTheory(key: StaticText, missing: StaticText)
  /// The combination makes no sense; `remedy` says what to do.
  case impossible(StaticText, remedy: StaticText)
}

/// Text known at compile time.
///
/// A `StaticString` that can be compared; the core has no other text.
public struct StaticText: Equatable, Sendable, ExpressibleByStringLiteral {
  public let value: StaticString

  @inlinable public init(stringLiteral value: StaticString) { self.value = value }
  @inlinable public init(_ value: StaticString) { self.value = value }
}

extension StaticText {
  /// What `noTheory` calls the constants of a problem.
  public static let smoothness: StaticText = "smoothness constant L"
  public static let variance: StaticText = "variance σ² of its gradients"
  public static let gap: StaticText = "distance Δ of the first loss from the smallest one"
  public static let distance: StaticText = "distance R from the starting point to a minimum"
  public static let hessianVariance: StaticText = "Hessian variance L±²"
}

extension Optional {
  /// The value, or what the theory gives where it was left out.
  @inlinable
  public func or(_ theory: @autoclosure () throws(SetupError) -> Wrapped) throws(SetupError) -> Wrapped {
    if let self { return self }
    return try theory()
  }
}
