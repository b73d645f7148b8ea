// SPDX-License-Identifier: Apache-2.0

#if MPI
  public import StragglerCore
  public import StragglerRuntime

  /// What rank 0 does: it passes the server's orders on, and what comes back to the server.
  ///
  /// Each order is one message, and each is answered by one. So long as two of a worker's orders are without
  /// an answer, only the newest of those that follow is kept; so what is under way stays bounded also where
  /// a worker never looks. A point is copied once for all orders of an event that have it.
  @usableFromInline
  final class Serving<M: Method, Scalar: StragglerCore.Scalar> {
    @usableFromInline var server: ParameterServer<M, Scalar>
    @usableFromInline let ranks: Ranks
    @usableFromInline var places: [Place]
    @usableFromInline var state = RunState()
    /// Jobs that have ended, where they are recorded.
    @usableFromInline var jobs: [JobRecord] = []
    @usableFromInline let records: Bool
    /// Seconds of the last event. Events never happen at the same time.
    @usableFromInline var time = 0.0
    /// Copies of points; those to which nothing else refers are free.
    @usableFromInline var points: [VectorBuffer] = []
    @usableFromInline var nextPoint = 0
    /// What waits for messages, of which the first began to wait before the others.
    @usableFromInline let inbox: [Letter]

    /// What is known of a worker.
    @usableFromInline
    struct Place {
      /// Whether it has a job.
      @usableFromInline var isOpen = false
      /// Its newest order.
      @usableFromInline var head = MessageHead(.stop)
      /// Steps of the job that it has reported.
      @usableFromInline var steps = 0
      @usableFromInline var start = 0.0
      /// Whether the newest order is still to be sent.
      @usableFromInline var isUnsent = false
      /// The point of its job, where it does not have it.
      @usableFromInline var point: VectorBuffer?
      /// Orders that have been sent, and answers that have come.
      @usableFromInline var sent = 0
      @usableFromInline var answered = 0
      @usableFromInline let letters: [Letter]

      @inlinable init(_ ranks: Ranks) { letters = (0..<3).map { _ in Letter(ranks) } }
    }

    @inlinable
    init(_ server: consuming ParameterServer<M, Scalar>, over ranks: Ranks, records: Bool) {
      let (dimension, workers) = (server.dimension, server.workers)
      self.server = server
      self.ranks = ranks
      self.records = records
      places = (0..<workers).map { _ in Place(ranks) }
      inbox = (0..<4).map { _ in
        Letter(ranks, vector: VectorBuffer(count: dimension, width: MemoryLayout<Scalar>.size))
      }
      takeOrders()
    }

    /// How the run at hand stands.
    @usableFromInline
    struct RunState {
      @usableFromInline var reason: StopReason?
      @usableFromInline var failure: RankFailure?
      @usableFromInline var stop = Stop()
      @usableFromInline var spending: Spending?
      @usableFromInline var events = 0

      @inlinable init() {}
      @inlinable var isOver: Bool { reason != nil || failure != nil }
    }
  }

  // MARK: - The run

  extension Serving {
    /// The loop of rank 0 until the run is over and every worker has answered.
    @inlinable
    func serve(
      until stop: Stop, _ watch: Stopwatch, _ callbacks: borrowing ServerCallbacks<M, Scalar>,
      isToStop: () -> Bool
    ) throws(MPIError) {
      state = RunState()
      (state.stop, state.spending) = (stop, Spending(stop.budget))
      for letter in inbox { try letter.receive(from: nil, .reply) }
      for worker in places.indices { try beginAnew(worker) }
      checkEnd(callbacks)
      var (oldest, looks) = (0, 0)
      var patience = Patience()
      let start = watch.now()
      var (nextReport, nextSave, nextPoll) = (start + 0.1, start + callbacks.seconds, start + 0.02)
      while !state.isOver {
        if let from = try inbox[oldest].test() {
          patience.reset()
          try take(inbox[oldest], from: from - 1, watch)
          try inbox[oldest].receive(from: nil, .reply)
          oldest = (oldest + 1) % inbox.count
          checkEnd(callbacks)
        } else {
          patience.wait()
        }
        looks += 1
        guard looks % 16 == 0, !state.isOver else { continue }
        let now = watch.now()
        if isToStop() {
          end(because: .interrupted)
        } else if now >= endTime {
          time = max(time, now)
          end(because: .time)
        } else if now >= nextPoll {
          if callbacks.holds(server) { end(because: .condition) }
          nextPoll = now + 0.02
        }
        if let progress = callbacks.progress, now >= nextReport {
          progress(server.iteration, now)
          nextReport = now + 0.1
        }
        if now >= nextSave {
          save(callbacks)
          nextSave = watch.now() + callbacks.seconds
        }
      }
      try dismissAll(oldest)
    }

    @inlinable
    func save(_ callbacks: borrowing ServerCallbacks<M, Scalar>) {
      do { try callbacks.save?(try server.checkpoint()) } catch {
        state.failure = RankFailure(rank: 0, job: nil, message: "\(error)")
      }
    }

    /// Why the run is over.
    @inlinable
    func result() throws(RankFailure) -> StopReason {
      if let failure = state.failure { throw failure }
      return state.reason ?? .starved
    }

    @inlinable
    func end(because reason: StopReason) {
      if !state.isOver { state.reason = reason }
    }

    /// All workers leave the run; returns when they have.
    @inlinable
    func dismissAll(_ oldest: Int) throws(MPIError) {
      let text = state.failure.map { "\($0.rank)\n\($0.job ?? 0)\n\($0.message)" } ?? ""
      var head = MessageHead(.leave)
      head.count = text.utf8.count
      head.number = Int((state.reason ?? .starved).rawValue)
      for worker in places.indices {
        try send(head, to: worker)
        if head.count > 0 { try ranks.send(text: text, to: worker + 1) }
      }
      var oldest = oldest
      var patience = Patience()
      while places.contains(where: { $0.answered < $0.sent }) {
        guard let from = try inbox[oldest].test() else {
          patience.wait()
          continue
        }
        patience.reset()
        let head = inbox[oldest].head
        if head.kind == .failed { _ = try ranks.receiveText(head.count, from: from) }
        try answer(head, from: from - 1)
        try inbox[oldest].receive(from: nil, .reply)
        oldest = (oldest + 1) % inbox.count
      }
      for letter in inbox { try letter.cancel() }
    }

    /// When the run stops by the clock.
    @inlinable var endTime: Double {
      guard let time = state.stop.time, !time.isNaN else { return .infinity }
      return time
    }

    @inlinable
    func checkEnd(_ callbacks: borrowing ServerCallbacks<M, Scalar>) {
      let stop = state.stop
      if server.iteration >= stop.updates ?? .max { return end(because: .updates) }
      if server.counts.arrivals >= stop.arrivals ?? .max { return end(because: .arrivals) }
      if let reason = server.isSpent(&state.spending) { return end(because: reason) }
      if !server.isFinite { return end(because: .diverged) }
      if server.counts.running == 0 { return end(because: .starved) }
      if callbacks.holds(server) { return end(because: .condition) }
      if state.events >= stop.events ?? .max { return end(because: .interrupted) }
      if time >= endTime { end(because: .time) }
    }
  }

  // MARK: - Events

  extension Serving {
    /// Takes what has come from `worker`.
    @inlinable
    func take(_ letter: Letter, from worker: Int, _ watch: Stopwatch) throws(MPIError) {
      let head = letter.head
      try answer(head, from: worker)
      switch head.kind {
      case .delivered, .expired, .step:
        do throws(ServerMisuse) { try takeResult(letter, from: worker, watch) } catch {
          let job = places[worker].head.number
          state.failure = RankFailure(rank: worker + 1, job: job, message: error.description)
          return
        }
        takeOrders()
        for index in 0..<server.orderCount { try sendNewest(server.order(index).worker) }
      case .failed:
        let text = try ranks.receiveText(head.count, from: worker + 1)
        // What the code of a cancelled job throws is of no interest.
        guard places[worker].isOpen, places[worker].head.ticket == head.ticket else { return }
        state.failure = RankFailure(rank: worker + 1, job: head.number, message: text)
      case .interrupt: end(because: .interrupted)
      case .withdrawn, .gradients, .local, .openEnded, .sum, .stop, .leave: break
      }
    }

    @inlinable
    func takeResult(_ letter: Letter, from worker: Int, _ watch: Stopwatch) throws(ServerMisuse) {
      let head = letter.head
      time = max(watch.now(), time + Stopwatch.tick)
      if head.kind == .step {
        if try server.completeStep(ticket: head.ticket, at: time) == .taken { places[worker].steps += 1 }
        return
      }
      state.events += 1
      let isOpen = places[worker].isOpen && places[worker].head.ticket == head.ticket
      if isOpen { close(worker, head.kind == .expired ? .expired : .delivered) }
      if head.kind == .expired {
        try server.expire(ticket: head.ticket, at: time)
      } else if let vector = letter.vector {
        try server.receive(vector.values(of: Scalar.self), ticket: head.ticket, at: time)
      }
    }

    /// Notes an answer, after which another order may be sent.
    @inlinable
    func answer(_ head: MessageHead, from worker: Int) throws(MPIError) {
      guard head.kind != .step, head.kind != .interrupt else { return }
      let letter = places[worker].letters[places[worker].answered % 3]
      try letter.wait()
      letter.vector = nil
      places[worker].answered += 1
      if !state.isOver { try sendNewest(worker) }
    }

    @inlinable
    func close(_ worker: Int, _ end: JobRecord.End) {
      places[worker].isOpen = false
      if records { jobs.append(record(worker, end)) }
    }

    @inlinable
    func record(_ worker: Int, _ end: JobRecord.End) -> JobRecord {
      JobRecord(
        worker: worker, number: places[worker].head.number, start: places[worker].start,
        duration: time - places[worker].start, end: end)
    }
  }

  // MARK: - Orders

  extension Serving {
    /// Takes the orders of the server's last event, with their points, to be sent.
    @inlinable
    func takeOrders() {
      var last: (address: UInt, copy: VectorBuffer)?
      for index in 0..<server.orderCount {
        let order = server.order(index)
        let worker = order.worker
        if places[worker].isOpen { close(worker, .cancelled) }
        places[worker].head = MessageHead(order)
        places[worker].isUnsent = true
        if order.isCancellation { continue }
        (places[worker].isOpen, places[worker].start, places[worker].steps) = (true, time, 0)
        if order.keepsPoint { continue }
        let point = server.point(for: order)
        let address = VectorBuffer.address(point)
        if let last, last.address == address {
          places[worker].point = last.copy
          continue
        }
        places[worker].point = nil
        let copy = freePoint()
        var values = copy.mutableValues(of: Scalar.self)
        Scalar.copy(point, to: &values)
        places[worker].point = copy
        last = (address, copy)
      }
    }

    /// Memory for a copy of a point.
    @inlinable
    func freePoint() -> VectorBuffer {
      for _ in points.indices {
        nextPoint = nextPoint + 1 < points.count ? nextPoint + 1 : 0
        if isKnownUniquelyReferenced(&points[nextPoint]) { return points[nextPoint] }
      }
      points.append(VectorBuffer(count: server.dimension, width: MemoryLayout<Scalar>.size))
      return points[points.count - 1]
    }

    /// Sends the newest order to `worker`, if it is still to be sent and may be.
    @inlinable
    func sendNewest(_ worker: Int) throws(MPIError) {
      guard places[worker].isUnsent, places[worker].sent - places[worker].answered < 2 else { return }
      places[worker].isUnsent = false
      try send(places[worker].head, to: worker)
    }

    @inlinable
    func send(_ head: MessageHead, to worker: Int) throws(MPIError) {
      let letter = places[worker].letters[places[worker].sent % 3]
      letter.head = head
      if let point = places[worker].point, head.kind != .stop, head.kind != .leave {
        letter.head.hasBody = true
        letter.vector = point
        places[worker].point = nil
      }
      try letter.send(to: worker + 1, .order)
      places[worker].sent += 1
    }

    /// At the beginning of a run: the job that `worker` had when the last one ended begins anew.
    @inlinable
    func beginAnew(_ worker: Int) throws(MPIError) {
      if places[worker].isOpen, !places[worker].isUnsent {
        places[worker].head = places[worker].head.again(steps: places[worker].steps)
        places[worker].steps = 0
        places[worker].isUnsent = true
      }
      try sendNewest(worker)
    }

    /// Goes on from a checkpoint of the server.
    @inlinable
    func restore(_ bytes: [UInt8], life: UInt16?) throws(ServerCheckpointError) {
      try server.restore(bytes.span, life: life)
      time = max(time, server.time)
      for worker in places.indices {
        if places[worker].isOpen { close(worker, .cancelled) }
        (places[worker].isUnsent, places[worker].point) = (false, nil)
      }
      takeOrders()
    }

    /// Jobs that have ended, then those that run, in the order of the workers.
    @inlinable var log: JobLog {
      var log = JobLog(workers: places.count, jobs: jobs)
      for worker in places.indices where records && places[worker].isOpen {
        log.jobs.append(record(worker, .running))
      }
      return log
    }
  }

  /// What rank 0 calls during a run.
  @usableFromInline
  struct ServerCallbacks<M: Method, Scalar: StragglerCore.Scalar> {
    @usableFromInline let condition: ((borrowing ParameterServer<M, Scalar>) -> Bool)?
    @usableFromInline let progress: ((_ updates: Int, _ seconds: Double) -> Void)?
    @usableFromInline let save: (([UInt8]) throws -> Void)?
    /// Seconds from one checkpoint to the next.
    @usableFromInline let seconds: Double

    @inlinable
    init(
      condition: ((borrowing ParameterServer<M, Scalar>) -> Bool)?, progress: ((Int, Double) -> Void)?,
      save: (([UInt8]) throws -> Void)?, seconds: Double
    ) {
      (self.condition, self.progress, self.save, self.seconds) = (condition, progress, save, seconds)
    }

    @inlinable
    func holds(_ server: borrowing ParameterServer<M, Scalar>) -> Bool { condition?(server) ?? false }
  }
#endif
