// SPDX-License-Identifier: Apache-2.0

#if MPI
  import StragglerCore
  import StragglerLab
  import StragglerLanguage
  import StragglerMPI
  import StragglerRuntime

  /// What must hold over any number of ranks.
  struct Checks {
    let ranks: Ranks
    let clock = ContinuousClock()
    private(set) var failures = 0
    private(set) var count = 0

    init(_ ranks: Ranks) { self.ranks = ranks }

    /// Notes whether something holds.
    mutating func check(_ holds: Bool, _ what: @autoclosure () -> String) {
      count += 1
      guard !holds else { return }
      failures += 1
      print("rank \(ranks.rank) of \(ranks.count): \(what())")
    }

    mutating func all() throws {
      if ranks.count == 1 { return oneRankIsTooFew() }
      if ranks.count == 2 { try oneWorkerHasTheServersBits() }
      try everyMethodEnds()
      try jobsAreCancelled()
      try errorsEndAllRanks()
      try anyRankStopsAll()
      try checkpointsGoOn()
      try impossibleServersAreRefusedEverywhere()
    }

    static func asgd(_ gamma: Double) -> Asynchronous {
      var method = Asynchronous()
      method.gamma.given = gamma
      return method
    }

    static let gradient: @Sendable (WorkerJob, Span<Double>, inout MutableSpan<Double>) throws -> Void = {
      (job, x, g) in Paraboloid.add(worker: job.worker, job: job.number, at: x, to: &g)
    }

    func make(_ text: String) throws -> MPIRun<AnyMethod, Double> {
      let origin = Paraboloid.origin
      return try MPIRun(over: ranks, dimension: 3) {
        try AnyServer(text, model: origin.span, workers: ranks.count - 1)
      }
    }
  }

  // MARK: - Results

  extension Checks {
    mutating func oneRankIsTooFew() {
      let origin = Paraboloid.origin
      do {
        _ = try MPIRun(Self.asgd(0.1), model: origin.span, over: ranks)
        check(false, "a run of one rank was made")
      } catch { check("\(error)".contains("mpirun -n 2"), "one rank: \(error)") }
    }

    /// With one worker nothing depends on the order of messages.
    mutating func oneWorkerHasTheServersBits() throws {
      for text in ServedMethods.texts {
        // Methods that measure times have other bits in every run.
        guard !text.contains("measured"), let expected = try reference(text, updates: 40, pace: 1e-3),
          try reference(text, updates: 40, pace: 1.7e-5) == expected
        else { continue }
        let run = try make(text)
        let first = try run.run(until: Stop(updates: 17), clock: clock, gradient: Self.gradient)
        let reason = try run.run(until: Stop(updates: 40), clock: clock, gradient: Self.gradient)
        check(first == .updates && reason == .updates, "\(text) ended with \(first), \(reason)")
        if ranks.isFirst { check(run.model == expected, "\(text): \(run.model), not \(expected)") }
      }
    }

    mutating func everyMethodEnds() throws {
      for text in ServedMethods.texts {
        let run: MPIRun<AnyMethod, Double>
        do { run = try make(text) } catch {
          check(!ranks.isFirst || ranks.count > 2, "\(text): \(error)")
          continue
        }
        let reason = try run.run(until: Stop(updates: 30), clock: clock, gradient: Self.gradient)
        check(reason == .updates, "\(text) ended with \(reason)")
        if ranks.isFirst { check(run.iteration >= 30, "\(text) made \(run.iteration) updates") }
      }
    }

    /// Of each round one gradient is taken; all but the first worker compute until they are told to stop.
    mutating func jobsAreCancelled() throws {
      let origin = Paraboloid.origin
      var method = MSynchronous()
      (method.gamma, method.m) = (0.5, 1)
      let run = try MPIRun(method, model: origin.span, over: ranks, records: true)
      var (begun, seen) = (0, 0)
      let reason = try run.run(until: Stop(updates: 20), clock: clock) { job, x, g in
        begun += 1
        if job.worker > 0 {
          while !job.isCancelled {}
          seen += 1
          g[0] = .nan
        } else {
          for index in x.indices { g[index] = x[index] }
        }
      }
      check(reason == .updates, "ended with \(reason)")
      if ranks.rank > 1 { check(seen == begun, "\(seen) of \(begun) jobs saw that they were cancelled") }
      if ranks.isFirst {
        let halved = Paraboloid.origin.map { $0 * 0x1p-20 }
        check(run.model == halved, "a cancelled job was taken: \(run.model)")
        check(run.log.jobs.filter { $0.end == .delivered }.count == 20, "\(run.log.jobs.count) jobs")
      }
    }
  }

  // MARK: - Ends

  extension Checks {
    private struct Refusal: Error {}

    mutating func errorsEndAllRanks() throws {
      let origin = Paraboloid.origin
      let last = ranks.count - 1
      for isThrown in [true, false] {
        let run = try MPIRun(Self.asgd(0.01), model: origin.span, over: ranks)
        do {
          let reason = try run.run(clock: clock) { job, x, g in
            if job.worker == last - 1, job.number == 5 {
              if isThrown { throw Refusal() }
              g[1] = .nan
            }
          }
          check(false, "a failure passed: \(reason)")
        } catch let failure as RankFailure {
          check(failure.rank == last && failure.job == 5, "\(failure)")
          let word = isThrown ? "Refusal" : "coordinate 1"
          check(failure.message.contains(word), "\(failure)")
        }
      }
    }

    mutating func anyRankStopsAll() throws {
      let origin = Paraboloid.origin
      for stopper in 0..<ranks.count {
        let run = try MPIRun(Self.asgd(0.01), model: origin.span, over: ranks)
        let (rank, isFirst) = (ranks.rank, ranks.isFirst)
        let reason = try run.run(
          clock: clock,
          condition: { server in
            if isFirst, stopper == 0, server.iteration >= 100 { run.stop() }
            return false
          }
        ) { job, x, g in
          if rank == stopper, job.number == 50 { run.stop() }
          try Self.gradient(job, x, &g)
        }
        check(reason == .interrupted, "rank \(stopper) stopped, and it ended with \(reason)")
      }
      let run = try MPIRun(Self.asgd(0.01), model: origin.span, over: ranks)
      let reason = try run.run(until: Stop(time: 0.05), clock: clock, gradient: Self.gradient)
      check(reason == .time, "ended with \(reason)")
      let other = try run.run(
        clock: clock, condition: { $0.counts.arrivals > 500 }, gradient: Self.gradient)
      check(other == .condition, "ended with \(other)")
    }

    mutating func checkpointsGoOn() throws {
      let origin = Paraboloid.origin
      var saved: [[UInt8]] = []
      let run = try MPIRun(Self.asgd(0.01), model: origin.span, over: ranks)
      _ = try run.run(
        until: Stop(time: 0.2), clock: clock, every: 0.02, save: { saved.append($0) }, gradient: Self.gradient
      )
      let next = try MPIRun(Self.asgd(0.01), model: origin.span, over: ranks)
      if ranks.isFirst {
        check(!saved.isEmpty, "there is no checkpoint")
        if let bytes = saved.last { try next.restore(bytes) }
        check(next.iteration > 0 && next.iteration <= run.iteration, "went on from \(next.iteration)")
      }
      let reason = try next.run(
        until: Stop(updates: 1_000_000_000, time: 1_000), clock: clock,
        condition: { $0.counts.arrivals > 100 }, gradient: Self.gradient)
      check(reason == .condition, "ended with \(reason)")
    }

    mutating func impossibleServersAreRefusedEverywhere() throws {
      do {
        let bad = [Double.nan]
        _ = try MPIRun(Self.asgd(0.1), model: bad.span, over: ranks)
        check(false, "a model that is not finite was taken")
      } catch { check("\(error)".contains(ranks.isFirst ? "otFinite" : "rank 0"), "\(error)") }
    }
  }
#endif
