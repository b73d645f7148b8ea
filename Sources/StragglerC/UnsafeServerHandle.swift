// SPDX-License-Identifier: Apache-2.0

import CStraggler
import StragglerCore
import StragglerLab
import StragglerLanguage
import StragglerRuntime
import Synchronization

/// Whether a thread is in a server.
///
/// A class of its own: as a part of one whose initialiser throws, the optimizer of Swift 6.3 fails on it.
private final class Turn: Sendable {
  let isTaken = Atomic<Bool>(false)
}

/// What a `straggler_server` is, whatever the precision: a server that one thread at a time has.
class ServerHandle: @unchecked Sendable {
  private let turn = Turn()
  /// What `straggler_server_counts` has given last.
  var text: CText?
  /// The checkpoint of which the caller has asked the size, until it takes it or calls anything else.
  final var sizedCheckpoint: [UInt8]?

  /// Does `body`, or nothing where the server is at work.
  final func alone(_ body: () -> Answer) -> Answer {
    guard !turn.isTaken.exchange(true, ordering: .acquiring) else {
      return .init(STRAGGLER_BUSY, "the server is at work; call it from one thread at a time")
    }
    defer { turn.isTaken.store(false, ordering: .releasing) }
    return body()
  }

  /// The bytes of a number, to which vectors are aligned.
  var alignment: Int { 1 }
  /// The orders of the last event.
  var orders: [JobOrder] { [] }

  func copyPoint(_ order: JobOrder, to copy: UnsafeMutableRawPointer) {}
  func copyModel(to copy: UnsafeMutableRawPointer) {}
  func receive(_ gradient: UnsafeRawPointer, _ ticket: UInt64, _ time: Double?) -> Answer { .done }
  func fail(_ ticket: UInt64, _ time: Double?) -> Answer { .done }
  func completeStep(_ ticket: UInt64, _ time: Double?) -> Answer { .done }
  func remove(_ worker: Int, _ time: Double?) -> Answer { .done }
  func replace(_ worker: Int) -> (answer: Answer, order: JobOrder?) { (.done, nil) }
  var counts: JSONValue { .null }
  func checkpoint() throws(SetupError) -> [UInt8] { [] }
  func restore(_ bytes: Span<UInt8>) -> Answer { .done }
}

/// The same in a precision.
final class TypedServerHandle<Scalar: StragglerCore.Scalar>: ServerHandle, @unchecked Sendable {
  private var server: AnyServer<Scalar>

  init(_ method: String, model: UnsafeRawPointer, dimension: Int, workers: Int) throws(LabError) {
    let origin = unsafe UnsafeBufferPointer(
      start: model.assumingMemoryBound(to: Scalar.self), count: dimension)
    server = try unsafe AnyServer(method, model: origin.span, workers: workers)
  }

  override var alignment: Int { MemoryLayout<Scalar>.alignment }

  override var orders: [JobOrder] { (0..<server.orderCount).map { server.order($0) } }

  /// A vector of the caller that is written to.
  private func vector(_ memory: UnsafeMutableRawPointer) -> UnsafeMutableBufferPointer<Scalar> {
    unsafe UnsafeMutableBufferPointer(
      start: memory.assumingMemoryBound(to: Scalar.self), count: server.dimension)
  }

  override func copyPoint(_ order: JobOrder, to copy: UnsafeMutableRawPointer) {
    let buffer = unsafe vector(copy)
    var span = unsafe buffer.mutableSpan
    server.copyPoint(for: order, to: &span)
  }

  override func copyModel(to copy: UnsafeMutableRawPointer) {
    let buffer = unsafe vector(copy)
    var span = unsafe buffer.mutableSpan
    server.copyModel(to: &span)
  }

  override func receive(_ gradient: UnsafeRawPointer, _ ticket: UInt64, _ time: Double?) -> Answer {
    let vector = unsafe UnsafeBufferPointer(
      start: gradient.assumingMemoryBound(to: Scalar.self), count: server.dimension)
    return answer { () throws(ServerMisuse) in
      unsafe try server.receive(vector.span, ticket: ticket, at: time)
    }
  }

  override func fail(_ ticket: UInt64, _ time: Double?) -> Answer {
    answer { () throws(ServerMisuse) in try server.fail(ticket: ticket, at: time) }
  }

  override func completeStep(_ ticket: UInt64, _ time: Double?) -> Answer {
    answer { () throws(ServerMisuse) in try server.completeStep(ticket: ticket, at: time) }
  }

  private func answer(_ body: () throws(ServerMisuse) -> Delivery) -> Answer {
    do throws(ServerMisuse) {
      return try body() == .taken ? .done : .late
    } catch { return Self.answer(error) }
  }

  private static func answer(_ error: ServerMisuse) -> Answer {
    if case .faultyMethod = error { return Answer(STRAGGLER_FAILED, error.description) }
    return Answer(STRAGGLER_INVALID, error.description)
  }

  override func remove(_ worker: Int, _ time: Double?) -> Answer {
    do throws(ServerMisuse) {
      try server.remove(worker, at: time)
      return .done
    } catch { return Self.answer(error) }
  }

  override func replace(_ worker: Int) -> (answer: Answer, order: JobOrder?) {
    do throws(ServerMisuse) { return (.done, try server.replace(worker)) } catch {
      return (Self.answer(error), nil)
    }
  }

  override var counts: JSONValue {
    let counts = server.counts
    return [
      "iteration": .integer(server.iteration), "time": .number(server.time),
      "assigned": .integer(counts.assigned), "arrivals": .integer(counts.arrivals),
      "used": .integer(counts.used), "cancelled": .integer(counts.cancelled),
      "clipped": .integer(counts.clipped), "gradients": .integer(counts.gradients),
      "messages": .integer(counts.messages), "delay_mean": .number(counts.delayMean),
      "delay_max": .integer(counts.delayMax), "late": .integer(server.late),
      "failed": .integer(server.failed), "open": .integer(server.open), "is_finite": .bool(server.isFinite),
      "stall": server.stall.map { .string($0.description) } ?? .null,
    ]
  }

  override func checkpoint() throws(SetupError) -> [UInt8] { try server.checkpoint() }

  override func restore(_ bytes: Span<UInt8>) -> Answer {
    do throws(ServerCheckpointError) {
      try server.restore(bytes)
      return .done
    } catch { return Answer(STRAGGLER_INVALID, error.description) }
  }
}

extension ParameterServer {
  fileprivate func copyModel(to copy: inout MutableSpan<Scalar>) { Scalar.copy(model, to: &copy) }
}

extension Answer {
  fileprivate static let late = Answer(
    STRAGGLER_LATE,
    "the ticket is late: its job was delivered, stopped or given to another worker, or it was never given")
}
