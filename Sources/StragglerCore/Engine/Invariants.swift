// SPDX-License-Identifier: Apache-2.0

// Rules that the bookkeeping of a run keeps between events. Where one is broken, the library has a defect, or
// the method gave a held point back twice. With STRAGGLER_INVARIANTS defined, as in debug builds, simulations
// and deployments look as they run, and a broken rule ends the run as a fault of the method does.

extension Simulation {
  /// The first rule that does not hold between two events; nil if all do. O(n + points + channels).
  func brokenRule() -> MethodFault? {
    guard queue.isConsistent, server.face.messages?.isConsistent ?? true else { return .inconsistentEvents }
    for worker in 0..<server.workers {
      let time = queue.time(of: worker)
      let isRight =
        switch server.face.jobs[worker].state {
        // The time of the job that has just ended stays until the orders that follow are carried out.
        case .idle: time == .infinity || worker == server.face.arrived
        case .running: time >= server.face.now && time < .infinity
        // With τ = ∞ a trial is not even given up.
        case .clipping: time >= server.face.now
        case .endless: time == .infinity
        }
      guard isRight else { return .inconsistentEvents }
    }
    return server.face.brokenRule()
  }
}

extension Server {
  /// The first rule about orders, jobs and points that does not hold; nil if all do. O(n + points).
  func brokenRule() -> MethodFault? {
    guard ordersAreIndexed, jobsAreCounted else { return .inconsistentJobs }
    return pointsAreReferenced() ? nil : .inconsistentPoints
  }

  /// Whether workers and pending orders refer to each other.
  private var ordersAreIndexed: Bool {
    var count = 0
    for worker in 0..<workers where orderOf[worker] != 0 {
      let index = Int(orderOf[worker]) - 1
      guard index >= 0, index < orderCount, Int(orders[index].worker) == worker else { return false }
      count += 1
    }
    return count == orderCount
  }

  /// Whether the statistics agree with the jobs that run.
  private var jobsAreCounted: Bool {
    var (running, sending, endless) = (0, 0, 0)
    for worker in 0..<workers where jobs[worker].state != .idle {
      let job = jobs[worker]
      guard job.start <= now, job.version <= k else { return false }
      if job.work == .message { sending += 1 } else { running += 1 }
      if job.state == .endless { endless += 1 }
    }
    return running == tally.running && sending == tally.sending && endless == self.endless
      && tally.assigned == tally.arrivals + tally.cancelled + tally.running
  }

  /// Whether every reference to a point is that of a job, an order or the newest point, and free places have
  /// none. Takes the references of jobs and orders away, looks, and puts them back.
  private func pointsAreReferenced() -> Bool {
    countReferences(by: -1)
    defer { countReferences(by: 1) }
    return points.isConsistent(version: k)
  }

  private func countReferences(by change: Int32) {
    for worker in 0..<workers where jobs[worker].state != .idle || worker == arrived {
      count(jobs[worker].point, jobs[worker].version, by: change)
    }
    for index in 0..<orderCount where orders[index].holdsPoint {
      count(orders[index].point, orders[index].version, by: change)
    }
  }

  /// Points that have been given up, and points of nodes, are not referred to.
  private func count(_ place: Int32, _ version: Int, by change: Int32) {
    guard place >= 0, Int(place) < points.versions.count, points.versions[Int(place)] == version else {
      return
    }
    points.references[Int(place)] += change
  }
}

extension Points {
  /// Whether what is left without jobs and orders is one reference to the newest point, of version `version`,
  /// and those of points that the method holds; and whether the free places are on the stack.
  fileprivate func isConsistent(version: Int) -> Bool {
    var (vacant, sum) = (0, 0)
    for place in versions.indices {
      let rest = references[place] - (place == Int(newest) ? 1 : 0)
      guard rest == 0 || (rest > 0 && isHolding && versions[place] >= 0) else { return false }
      if versions[place] < 0 {
        vacant += 1
        sum += place
      }
    }
    guard versions[Int(newest)] == version, vacant == freeCount else { return false }
    for index in 0..<freeCount {
      let place = Int(free[index])
      guard versions.indices.contains(place), versions[place] < 0 else { return false }
      sum -= place
    }
    return sum == 0
  }
}

extension EventQueue {
  /// Whether every game was won by the one who should have, and every leaf is its worker's. O(n).
  var isConsistent: Bool {
    for position in stride(from: 1, to: workers, by: 1) {
      let (left, right) = (nodes[2 * position], nodes[2 * position + 1])
      let winner = right.beats(left) ? right : left
      guard nodes[position].bits == winner.bits, nodes[position].worker == winner.worker else { return false }
    }
    for worker in 0..<workers where nodes[workers + worker].worker != worker { return false }
    return true
  }

  /// The pending time of `worker`.
  func time(of worker: Int) -> Double { Double(bitPattern: nodes[workers + worker].bits) }
}

#if STRAGGLER_INVARIANTS
  extension Simulation {
    /// Notes a broken rule. Looks after each of the first events of small fleets, and ever more rarely later,
    /// since what is broken stays so: a run of a million events is looked at about two thousand times.
    @usableFromInline
    mutating func checkRules() {
      events &+= 1
      guard events >= due else { return }
      due = events + 1 + (events + server.workers) / 256
      if let fault = brokenRule() { server.face.note(fault) }
    }
  }

  extension Server {
    /// Notes a broken rule about orders, jobs and points.
    @usableFromInline
    mutating func checkRules() {
      if let fault = brokenRule() { note(fault) }
    }
  }
#endif
