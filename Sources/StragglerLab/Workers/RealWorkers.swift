// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// What a real worker is to compute, and by which ticket it hands it in.
public struct WorkOrder: Equatable, Sendable {
  /// The worker, from 0.
  public var worker: Int
  /// The ticket, which is never given again.
  public var ticket: UInt64
  /// The number of the last gradient among the worker's, from 1: with `worker` it picks the sample.
  public var number: Int
  /// How many gradients are handed in as one sum.
  public var gradients: Int
  /// γ of the local steps that they make; 0 where all are at the point of the order.
  public var stepsize: Double
  /// Real seconds from the order on before which the sum is not handed in; infinite where it never is.
  public var seconds: Double

  /// An order by its parts.
  public init(
    worker: Int, ticket: UInt64, number: Int, gradients: Int, stepsize: Double, seconds: Double
  ) {
    (self.worker, self.ticket, self.number) = (worker, ticket, number)
    (self.gradients, self.stepsize, self.seconds) = (gradients, stepsize, seconds)
  }
}

/// What a worker hands in.
public struct WorkResult: Equatable, Sendable {
  /// The ticket of the order.
  public var ticket: UInt64
  /// The sum of its gradients, as bytes.
  public var vector: [UInt8]

  /// A result by its parts.
  public init(ticket: UInt64, vector: [UInt8]) { (self.ticket, self.vector) = (ticket, vector) }
}

/// Real workers and the way to them: threads, processes or machines.
///
/// The run that has them calls all of this on one thread. Results that are late, or come twice, do no harm.
/// Vectors are bytes: the scalars of the problem in the machine's order, as a `Labour` takes and gives them.
public protocol RealWorkers: AnyObject {
  /// n, how many workers there are.
  var count: Int { get }
  /// Real seconds since some moment; they never go back.
  var now: Double { get }
  /// Has the worker of `order` compute at `point`, in place of what it does.
  func start(_ order: WorkOrder, at point: [UInt8])
  /// Has `worker`, from 0, stop what it does and wait.
  func cancel(_ worker: Int)
  /// The next result that has come, or comes within `seconds`; nil where none does. Throws where the workers
  /// are lost, which ends the run.
  func next(within seconds: Double) throws(LabError) -> WorkResult?
  /// Ends all workers, for good. May be called twice.
  func stop()
}

extension Labour {
  /// The sum of the gradients that `order` asks for.
  ///
  /// Nil where `isCancelled`, which is looked at between gradients, says that it is not needed any more, or
  /// `point` has not `byteCount` bytes.
  public func vector(
    for order: WorkOrder, at point: [UInt8], isCancelled: () -> Bool = { false }
  ) -> [UInt8]? {
    compute(
      LabourPiece(
        worker: order.worker, number: order.number, gradients: order.gradients, stepsize: order.stepsize),
      at: point, isCancelled: isCancelled)
  }
}

extension Experiment {
  /// What a worker of this experiment computes, with memory of its own: each thread or process needs one.
  ///
  /// Throws where the problem cannot be set up.
  public func labour() throws(LabError) -> Labour {
    let assembly = problem.assembly(self)
    do throws(SetupError) { return try assembly.labour() } catch { throw LabError(error) }
  }
}
