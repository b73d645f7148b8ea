// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// What a real worker needs to compute: the problem of an experiment with workspace of its own.
///
/// It computes the stochastic gradients of the simulation, since the sample is a function of (seed, worker,
/// job). Vectors are bytes, the scalars of the problem in the machine's order, so that any transport can
/// carry them. It belongs to one thread at a time, and serves any of the workers.
@safe
public final class Labour {
  /// The bytes of a vector.
  public let byteCount: Int
  private let code: (LabourPiece, [UInt8], () -> Bool) -> [UInt8]?

  /// A labour of `problem`, which is not prepared, whose data `owner` keeps alive.
  @usableFromInline
  init<P: Problem>(
    _ problem: P, seed: UInt64, owner: any AnyObject & Sendable, _ setUp: (consuming Arena) -> ProblemSetup
  ) throws(SetupError) {
    var measured = problem
    var measuring = setUp(.measuring())
    try measuring.prepare(&measured)
    let dimension = measured.dimension
    var counted = measuring.finish()
    for _ in 0..<4 { _ = try counted.table(of: P.Scalar.self, count: dimension) }
    guard let memory = OwnedArena(bytes: counted.used) else { throw .outOfMemory }
    var problem = problem
    var setup = setUp(memory.arena())
    try setup.prepare(&problem)
    var arena = setup.finish()
    let gradient = try arena.table(of: P.Scalar.self, count: dimension)
    let box = Shared(DeliveredProblem(problem, delivered: gradient, computes: true))
    let x = try arena.table(of: P.Scalar.self, count: dimension)
    let sum = try arena.table(of: P.Scalar.self, count: dimension)
    let y = try arena.table(of: P.Scalar.self, count: dimension)
    byteCount = dimension * MemoryLayout<P.Scalar>.stride
    code = { piece, point, isCancelled in
      withExtendedLifetime((memory, owner)) {
        guard x.take(point) else { return nil }
        var total = unsafe sum.buffer.mutableSpan
        P.Scalar.fill(&total, with: 0)
        // The same operations in the same order as in a simulation.
        for step in 0..<piece.gradients {
          if isCancelled() { return nil }
          let sample = Sample(
            seed: seed, worker: piece.worker, job: piece.number - piece.gradients + 1 + step)
          guard step > 0, piece.stepsize != 0 else {
            unsafe box.value.accumulate(1, sample, at: x.buffer.span, into: &total)
            continue
          }
          var next = unsafe y.buffer.mutableSpan
          unsafe P.Scalar.step(
            from: x.buffer.span, along: sum.buffer.span, by: P.Scalar(piece.stepsize), into: &next)
          unsafe box.value.accumulate(1, sample, at: y.buffer.span, into: &total)
        }
        return sum.bytes
      }
    }
  }

  /// The sum of the gradients of `piece`, from the point whose bytes are `point`.
  ///
  /// Nil where `isCancelled`, which is looked at between gradients, says that it is not needed any more, or
  /// the point is none of this problem.
  func compute(_ piece: LabourPiece, at point: [UInt8], isCancelled: () -> Bool) -> [UInt8]? {
    code(piece, point, isCancelled)
  }
}

/// Gradients of a worker that are handed in as one sum.
struct LabourPiece {
  var worker: Int
  /// The number of the last one among the worker's, from 1.
  var number: Int
  var gradients: Int
  /// γ of the local steps that they make; 0 where all are at the point.
  var stepsize: Double
}

extension Table {
  /// The elements as bytes.
  @usableFromInline var bytes: [UInt8] { unsafe Array(UnsafeRawBufferPointer(buffer)) }

  /// Takes its elements from `bytes`; false where these are too many or too few.
  func take(_ bytes: [UInt8]) -> Bool {
    guard bytes.count == count * MemoryLayout<Element>.stride else { return false }
    unsafe bytes.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
    }
    return true
  }
}
