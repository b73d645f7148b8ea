// SPDX-License-Identifier: Apache-2.0

#if MPI
  public import StragglerCore
  public import StragglerRuntime

  /// What the other ranks do: they carry out orders, one after another.
  @usableFromInline
  final class Working<Scalar: StragglerCore.Scalar> {
    /// What a run calls.
    @usableFromInline
    typealias Code = (WorkerJob, Span<Scalar>, inout MutableSpan<Scalar>) throws -> Void

    @usableFromInline let ranks: Ranks
    @usableFromInline let lookout: Lookout
    @usableFromInline let desk: Desk
    /// The point of the last job.
    @usableFromInline var point: VectorBuffer
    /// The gradient, or the sum of several, on its way to the server.
    @usableFromInline let answer: Letter
    @usableFromInline let sum: VectorBuffer
    // A point of local steps and a gradient at it, once there are any.
    @usableFromInline lazy var y = VectorBuffer(count: point.count, width: point.width)
    @usableFromInline lazy var g = VectorBuffer(count: point.count, width: point.width)
    /// The open-ended work at hand, to whose steps an order may add.
    @usableFromInline var openWork: OpenWork?

    /// Local steps whose number the server decides.
    @usableFromInline
    struct OpenWork {
      /// The number of the gradient before the first step's.
      @usableFromInline let base: Int
      /// γ of the steps.
      @usableFromInline let stepsize: Double
      /// The steps that are in `sum` and `y`; 0 where these have been used otherwise.
      @usableFromInline var steps = 0

      @inlinable
      init(_ order: MessageHead) { (base, stepsize) = (order.number - order.count, order.stepsize) }
    }

    @inlinable
    init(_ ranks: Ranks, dimension: Int, _ flag: StopFlag) {
      let width = MemoryLayout<Scalar>.size
      self.ranks = ranks
      point = VectorBuffer(count: dimension, width: width)
      sum = VectorBuffer(count: dimension, width: width)
      answer = Letter(ranks, vector: sum)
      let incoming = Letter(ranks, vector: VectorBuffer(count: dimension, width: width))
      let lookout = Lookout(ranks, incoming, flag)
      self.lookout = lookout
      desk = Desk(look: { lookout.look() })
    }
  }

  // MARK: - The loop

  extension Working {
    /// Carries out orders until the run is over, and says why it is; throws what has gone wrong on any rank.
    @inlinable
    func work(
      _ watch: Stopwatch, delay: ((WorkerJob) -> Double)?, _ code: Code
    ) throws -> StopReason {
      lookout.reset()
      lookout.desk = desk
      defer { lookout.desk = nil }
      try lookout.begin()
      while true {
        let order = try nextOrder()
        if order.kind == .leave { return try leave(order) }
        try lookout.begin()
        if order.kind == .stop {
          try reply(.withdrawn, order)
          continue
        }
        try answer.wait()
        try carryOut(order, watch, delay, code)
      }
    }

    /// Waits for the next order; what came with it is at hand.
    @inlinable
    func nextOrder() throws -> MessageHead {
      var patience = Patience()
      while try !lookout.check() { patience.wait() }
      let head = lookout.letter.head
      if head.hasBody, let vector = lookout.letter.vector {
        lookout.letter.vector = point
        point = vector
        openWork?.steps = 0
      }
      return head
    }

    @inlinable
    func leave(_ order: MessageHead) throws -> StopReason {
      let text = order.count > 0 ? try ranks.receiveText(order.count, from: 0) : ""
      try answer.wait()
      // The next run's orders begin the work at hand anew.
      openWork?.steps = 0
      try reply(.withdrawn, order)
      guard !text.isEmpty else { return StopReason(rawValue: UInt8(clamping: order.number)) ?? .starved }
      let parts = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
      let job = Int(parts[1]).flatMap { $0 > 0 ? $0 : nil }
      throw RankFailure(rank: Int(parts[0]) ?? 0, job: job, message: String(parts[2]))
    }

    /// Sends a head with nothing after it.
    @inlinable
    func reply(_ kind: MessageHead.Kind, _ order: MessageHead, text: String = "") throws {
      let letter = Letter(ranks)
      letter.head = MessageHead(kind, ticket: order.ticket)
      (letter.head.count, letter.head.number) = (text.utf8.count, order.number)
      // Steps come no faster than the server takes them.
      try letter.sendHead(to: 0, .reply, waits: kind == .step)
      if kind == .failed { try ranks.send(text: text, to: 0) }
    }

    @inlinable
    func carryOut(
      _ order: MessageHead, _ watch: Stopwatch, _ delay: ((WorkerJob) -> Double)?, _ code: Code
    ) throws {
      desk.withdraw()
      if order.kind == .openEnded { openWork = OpenWork(order) }
      // Of the sum the worker knows what it is about from the work that came before.
      let known = order.kind == .sum ? openWork : nil
      let job = WorkerJob(
        worker: ranks.rank - 1, number: known.map { $0.base + order.count } ?? order.number,
        version: order.version, start: watch.now(), allotted: order.allotted, count: order.count,
        stepsize: known?.stepsize ?? order.stepsize, desk: desk, watch: watch)
      var failure: (any Error)?
      // Code that gives up because its job is cancelled may throw whatever it likes.
      do {
        switch order.kind {
        case .openEnded: try takeSteps(order, job, watch, delay, code)
        case .sum: try complete(order, job, watch, delay, code)
        default:
          openWork?.steps = 0
          if job.count > 1 {
            try computeSum(job, watch, delay, code)
          } else {
            try compute(job, watch, delay, code, at: point, into: sum)
          }
        }
      } catch  where !job.isCancelled { failure = error } catch {}
      if let failure { return try reply(.failed, order, text: "\(failure)") }
      if try lookout.check() || order.kind == .openEnded { return try reply(.withdrawn, order) }
      if job.isLate { return try reply(.expired, order) }
      answer.head = MessageHead(.delivered, ticket: order.ticket)
      answer.head.hasBody = true
      try answer.send(to: 0, .reply)
    }
  }

  // MARK: - Gradients

  extension Working {
    /// Waits for the delay and computes one gradient; does nothing where the job is cancelled by then.
    @inlinable
    func compute(
      _ job: WorkerJob, _ watch: Stopwatch, _ delay: ((WorkerJob) -> Double)?, _ code: Code,
      at x: VectorBuffer, into gradient: VectorBuffer
    ) throws {
      if let delay { pause(job, for: delay(job), watch) }
      guard !job.isCancelled else { return }
      var values = gradient.mutableValues(of: Scalar.self)
      Scalar.fill(&values, with: 0)
      try code(job, x.values(of: Scalar.self), &values)
    }

    /// Waits for `seconds`, or until the job is withdrawn or its time over.
    @inlinable
    func pause(_ job: WorkerJob, for seconds: Double, _ watch: Stopwatch) {
      guard seconds > 0 else { return }
      let end = watch.now() + seconds
      var patience = Patience()
      while watch.now() < end, !job.isCancelled { patience.wait() }
    }

    @inlinable
    func begin() {
      let (origin, y, sum) = (point, self.y, sum)
      var start = y.mutableValues(of: Scalar.self)
      Scalar.copy(origin.values(of: Scalar.self), to: &start)
      var total = sum.mutableValues(of: Scalar.self)
      Scalar.fill(&total, with: 0)
    }

    /// Adds gradient number `index` of the job to the sum, and makes the local step where there are any;
    /// false where the job is cancelled before.
    @inlinable
    func add(
      _ index: Int, of job: WorkerJob, _ watch: Stopwatch, _ delay: ((WorkerJob) -> Double)?, _ code: Code
    ) throws -> Bool {
      let (y, g, sum) = (self.y, self.g, sum)
      try compute(job.gradient(index), watch, delay, code, at: y, into: g)
      guard !job.isCancelled else { return false }
      let gradient = g.values(of: Scalar.self)
      var total = sum.mutableValues(of: Scalar.self)
      Scalar.add(1, gradient, to: &total)
      guard !job.stepsize.isNaN else { return true }
      var next = y.mutableValues(of: Scalar.self)
      Scalar.add(Scalar(-job.stepsize), gradient, to: &next)
      return true
    }

    /// The sum of the gradients of a job of several.
    @inlinable
    func computeSum(
      _ job: WorkerJob, _ watch: Stopwatch, _ delay: ((WorkerJob) -> Double)?, _ code: Code
    ) throws {
      begin()
      for index in 0..<job.count where try !add(index, of: job, watch, delay, code) { return }
    }

    /// Local steps, each of which is reported, until another order comes.
    @inlinable
    func takeSteps(
      _ order: MessageHead, _ job: WorkerJob, _ watch: Stopwatch, _ delay: ((WorkerJob) -> Double)?,
      _ code: Code
    ) throws {
      begin()
      var steps = 0
      while try add(steps, of: job, watch, delay, code) {
        steps += 1
        if steps > order.made { try reply(.step, order) }
      }
      openWork?.steps = steps
    }

    /// The sum over as many steps as the order says: those that are missing are made, and where there are
    /// more, all are made anew.
    @inlinable
    func complete(
      _ order: MessageHead, _ job: WorkerJob, _ watch: Stopwatch, _ delay: ((WorkerJob) -> Double)?,
      _ code: Code
    ) throws {
      var made = openWork?.steps ?? 0
      openWork?.steps = 0
      if made == 0 || made > order.count {
        begin()
        made = 0
      }
      for index in made..<order.count where try !add(index, of: job, watch, delay, code) { return }
    }
  }
#endif
