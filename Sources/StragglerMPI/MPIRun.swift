// SPDX-License-Identifier: Apache-2.0

#if MPI
  public import StragglerCore
  public import StragglerRuntime

  /// A method whose workers are the ranks of an MPI job, on one machine or several: rank 0 serves, and each
  /// of the others is a worker.
  ///
  ///     let ranks = try Ranks.start()
  ///     let run = try MPIRun(ringmaster, model: x0.span, over: ranks)
  ///     let stop = Stop(updates: 10_000)
  ///     let reason = try run.run(until: stop, clock: ContinuousClock()) { job, x, gradient in
  ///       for sample in batch(job.worker, job.number) where !job.isCancelled { add(sample, x, &gradient) }
  ///     }
  ///     if ranks.isFirst { print(run.model) }
  ///     try ranks.finish()
  ///
  /// Every rank makes the same calls in the same order. What a worker computes is what a thread of
  /// `ThreadedRun` does, with the same code; orders and cancellations come to it as messages, which it sees
  /// between jobs and when the code looks at `WorkerJob.isCancelled`. Rank 0 computes no gradients.
  ///
  /// A rank that dies takes the whole job with it, as MPI has it: `run` can hand out checkpoints, from one of
  /// which another job goes on. Memory: on rank 0 a `ParameterServer`, four gradients, and a copy of each
  /// point that is on its way; on the others two points and a gradient.
  public final class MPIRun<M: Method, Scalar: StragglerCore.Scalar> {
    /// The ranks.
    public let ranks: Ranks
    @usableFromInline let serving: Serving<M, Scalar>?
    @usableFromInline let working: Working<Scalar>?
    @usableFromInline let flag = StopFlag()
    @usableFromInline var time = 0.0

    /// A server on rank 0 with `model` as x⁰, as `ParameterServer` has it, and a worker on each other rank.
    ///
    /// `model` counts on rank 0 only, but has its length on all. With `records`, `log` has every job of the
    /// runs. Throws on all ranks where the server cannot be made: on rank 0 a `SetupError`, on the others a
    /// `RankFailure`; and where there is only one rank.
    @inlinable
    public convenience init(
      _ method: M, model: Span<Scalar>, over ranks: Ranks, conditions: Conditions = Conditions(),
      modifiers: Modifiers = Modifiers(), records: Bool = false
    ) throws {
      var server: ParameterServer<M, Scalar>?
      var failure: SetupError?
      if ranks.isFirst, ranks.count > 1 {
        do throws(SetupError) {
          server = try ParameterServer(
            method, model: model, workers: ranks.count - 1, conditions: conditions, modifiers: modifiers)
        } catch { failure = error }
      }
      try self.init(over: ranks, dimension: model.count, records: records, server, failure)
    }

    /// The same with a server of any kind, such as an `AnyServer`, which `make` makes on rank 0 for a worker
    /// on each other rank; `dimension` is the length of its model.
    @inlinable
    public convenience init(
      over ranks: Ranks, dimension: Int, records: Bool = false,
      server make: () throws -> ParameterServer<M, Scalar>
    ) throws {
      var server: ParameterServer<M, Scalar>?
      var failure: (any Error)?
      if ranks.isFirst, ranks.count > 1 {
        do { server = try make() } catch { failure = error }
      }
      try self.init(over: ranks, dimension: dimension, records: records, server, failure)
    }

    /// With rank 0's server, or why it has none.
    @inlinable
    init(
      over ranks: Ranks, dimension: Int, records: Bool, _ server: consuming ParameterServer<M, Scalar>?,
      _ failure: (any Error)?
    ) throws {
      guard ranks.count > 1 else {
        throw SetupError.impossible(
          "one rank", remedy: "start at least two, as by mpirun -n 2: rank 0 serves, the others compute")
      }
      try ranks.shareFailure(failure.map { "\($0)" })
      if let failure { throw failure }
      self.ranks = ranks
      if let server = consume server {
        serving = Serving(server, over: ranks, records: records)
        working = nil
      } else {
        serving = nil
        working = Working(ranks, dimension: dimension, flag)
      }
    }

    /// Runs until `stop`, until `condition` holds, or until `stop()` is called on any rank; returns on all
    /// ranks the same reason.
    ///
    /// It may be called again and then continues: jobs that were under way begin anew at their points.
    /// `gradient` is called on the other ranks, and `delay` before it, as those of `ThreadedRun` are. On rank
    /// 0 `condition` is called after every event and at least some 50 times a second, `progress` ten times a
    /// second, and every `seconds` seconds `save` with a checkpoint of the server.
    ///
    /// Throws on all ranks the first `RankFailure`, where code on one of them has thrown or handed in a
    /// gradient that is not finite; or an `MPIError`, after which `Ranks.abort(status:)` ends the others.
    @inlinable
    public func run<C: Clock>(
      until stop: Stop = Stop(), clock: C, delay: ((WorkerJob) -> Double)? = nil,
      condition: ((borrowing ParameterServer<M, Scalar>) -> Bool)? = nil,
      progress: ((_ updates: Int, _ seconds: Double) -> Void)? = nil, every seconds: Double = 60,
      save: (([UInt8]) throws -> Void)? = nil,
      gradient: (WorkerJob, Span<Scalar>, inout MutableSpan<Scalar>) throws -> Void
    ) throws -> StopReason where C.Duration == Duration {
      flag.set(false)
      guard let serving else {
        let watch = Stopwatch(clock, from: time)
        defer { time = watch.now() }
        return try working?.work(watch, delay: delay, gradient) ?? .starved
      }
      let callbacks = ServerCallbacks(
        condition: condition, progress: progress, save: save, seconds: save == nil ? .infinity : seconds)
      try serving.serve(until: stop, Stopwatch(clock, from: serving.time), callbacks) { flag.isSet }
      return try serving.result()
    }

    /// Ends the run at hand on all ranks, with `interrupted` for the reason. It may be called on any thread
    /// of any rank; a worker passes it on when it next looks for orders.
    public func stop() { flag.set(true) }
  }

  // MARK: - Results

  extension MPIRun {
    /// x^k on rank 0; empty on the others.
    @inlinable public var model: [Scalar] {
      withServer { server in server.model.indices.map { server.model[$0] } } ?? []
    }

    /// k, the number of updates so far, on rank 0; 0 on the others.
    @inlinable public var iteration: Int { withServer { $0.iteration } ?? 0 }

    /// Every job so far, if the run records them, on rank 0; no jobs on the others.
    @inlinable public var log: JobLog {
      serving?.log ?? JobLog(workers: ranks.count - 1, jobs: [])
    }

    /// Reads the server on rank 0; nil on the others.
    @inlinable
    public func withServer<Result>(
      _ body: (borrowing ParameterServer<M, Scalar>) throws -> Result
    ) rethrows -> Result? {
      guard let serving else { return nil }
      return try body(serving.server)
    }

    /// On rank 0, goes on from `bytes` of a checkpoint in the next run; see
    /// `ParameterServer.restore(_:life:)`. Does nothing on the others.
    @inlinable
    public func restore(_ bytes: [UInt8], life: UInt16? = nil) throws(ServerCheckpointError) {
      try serving?.restore(bytes, life: life)
    }
  }

  extension Ranks {
    /// Has all ranks know whether rank 0 has failed: throws on the others where it has, in the words of
    /// `message`.
    @usableFromInline
    func shareFailure(_ message: String?) throws {
      let text = try share(Array((message ?? "").utf8))
      guard !isFirst, !text.isEmpty else { return }
      throw RankFailure(rank: 0, job: nil, message: String(decoding: text, as: UTF8.self))
    }
  }
#endif
