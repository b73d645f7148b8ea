// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A method whose type is known at run time: what a `ParameterServer` of a method that is chosen by name has
/// for a method.
///
/// Its state is in the arena of the run. A `MethodChoice` makes it.
@safe
public struct AnyMethod: Method, @unchecked Sendable {
  public static var name: StaticText { "any" }
  public static var summary: StaticText { "a method that is chosen at run time" }
  public static var allowsHeterogeneousData: Bool { true }

  /// γ of the method.
  public private(set) var gamma: Parameter<Double> = 0
  private let code: Unmanaged<AnyMethodCode>?
  private var state: UnsafeMutableRawPointer?

  /// No method: a set-up with it throws.
  public init() { unsafe (code, state) = (nil, nil) }

  init(_ code: AnyMethodCode) { unsafe (self.code, state) = (.passUnretained(code), nil) }

  public mutating func keys(_ keys: inout Keys) throws(SetupError) {}

  public mutating func prepare(_ setup: inout Setup) throws(SetupError) {
    guard let code = unsafe code else {
      throw .impossible("a method that is none", remedy: "take it from a MethodChoice")
    }
    let prepared = unsafe try code.takeUnretainedValue().prepare(&setup)
    unsafe state = prepared.state
    gamma = unsafe prepared.gamma
  }

  public mutating func begin(_ server: inout Server) {
    guard let code = unsafe code, let state = unsafe state else { return }
    unsafe code._withUnsafeGuaranteedRef { unsafe $0.begin(state, &server) }
  }

  public mutating func receive(_ arrival: Arrival, _ server: inout Server) {
    guard let code = unsafe code, let state = unsafe state else { return }
    unsafe code._withUnsafeGuaranteedRef { unsafe $0.receive(state, arrival, &server) }
  }

  public mutating func completeStep(_ worker: Int, _ server: inout Server) {
    guard let code = unsafe code, let state = unsafe state else { return }
    unsafe code._withUnsafeGuaranteedRef { unsafe $0.completeStep(state, worker, &server) }
  }
}

/// The code of a method for state at an address.
@usableFromInline
class AnyMethodCode: @unchecked Sendable {
  /// That of `method`.
  @usableFromInline
  static func of<M: Method>(_ method: M) -> AnyMethodCode { AnyMethodCodeOf(method) }

  @unsafe
  func prepare(_ setup: inout Setup) throws(SetupError) -> (
    state: UnsafeMutableRawPointer?, gamma: Parameter<Double>
  ) {
    throw .impossible("a method that is none", remedy: "take it from a MethodChoice")
  }
  @unsafe func begin(_ state: UnsafeMutableRawPointer, _ server: inout Server) {}
  @unsafe
  func receive(_ state: UnsafeMutableRawPointer, _ arrival: Arrival, _ server: inout Server) {}
  @unsafe
  func completeStep(_ state: UnsafeMutableRawPointer, _ worker: Int, _ server: inout Server) {}
}

private final class AnyMethodCodeOf<M: Method>: AnyMethodCode, @unchecked Sendable {
  private let method: M

  init(_ method: M) { self.method = method }

  @unsafe
  override func prepare(_ setup: inout Setup) throws(SetupError) -> (
    state: UnsafeMutableRawPointer?, gamma: Parameter<Double>
  ) {
    var method = method
    try setup.prepare(&method)
    let table = try setup.arena.table(of: M.self, count: 1)
    if !table.isEmpty { table[0] = method }
    return unsafe (UnsafeMutableRawPointer(table.buffer.baseAddress), method.gamma)
  }

  @unsafe
  override func begin(_ state: UnsafeMutableRawPointer, _ server: inout Server) {
    unsafe state.assumingMemoryBound(to: M.self).pointee.begin(&server)
  }

  @unsafe
  override func receive(_ state: UnsafeMutableRawPointer, _ arrival: Arrival, _ server: inout Server) {
    unsafe state.assumingMemoryBound(to: M.self).pointee.receive(arrival, &server)
  }

  @unsafe
  override func completeStep(_ state: UnsafeMutableRawPointer, _ worker: Int, _ server: inout Server) {
    unsafe state.assumingMemoryBound(to: M.self).pointee.completeStep(worker, &server)
  }
}
