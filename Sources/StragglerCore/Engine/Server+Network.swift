// SPDX-License-Identifier: Apache-2.0

// Further operations of decentralised methods: messages between nodes, gradients that become used far from
// where they were computed, and a model for every node.

/// Gradients of one node at one point, one after another.
public struct GradientRange: BitwiseCopyable, Sendable {
  /// Whose, from 0.
  public var node: Int
  /// The number of the first among the node's jobs.
  public var first: Int
  /// How many gradients these are.
  public var count: Int
  /// The seconds that they took.
  public var seconds: Double

  /// Gradients `first` to `first` + `count` − 1 of `node`, which took `seconds` together.
  @inlinable
  public init(node: Int, first: Int, count: Int, seconds: Double) {
    self.node = node
    self.first = first
    self.count = count
    self.seconds = seconds
  }
}

extension Server {
  /// Sends a message of `coordinates` on `channel`, which takes `seconds`; one that is on it is gone. It may
  /// stand for `count` messages that take the same time.
  ///
  /// One that takes no time is delivered in this event, before any job that ends now.
  public mutating func send(_ channel: Int, after seconds: Double, coordinates: Int, count: Int = 1) {
    guard hasChannel(channel) else { return note(.noSuchChannel) }
    messages?.send(channel, at: now + seconds, now: now)
    tally.messages &+= count
    tally.coordinates &+= coordinates &* count
  }

  /// Whether a message is on its way on `channel`.
  public func isBusy(_ channel: Int) -> Bool { hasChannel(channel) && messages?.isBusy(channel) == true }

  /// Takes the message off `channel`, if there is one.
  public mutating func withdraw(_ channel: Int) {
    guard hasChannel(channel) else { return note(.noSuchChannel) }
    messages?.cancel(channel)
  }

  private func hasChannel(_ channel: Int) -> Bool { channel >= 0 && channel < messages?.count ?? 0 }

  /// The node at which the model is updated, for the log.
  public mutating func updates(at node: Int) { messages?.home = node }

  /// d, the length of a vector.
  public var vectorLength: Int { dimension }

  /// Gives `node` a gradient to compute at the point of version `version`, which stays with the node. A
  /// gradient at an older version is of no use.
  public mutating func compute(_ node: Int, version: Int) {
    // An older point is not there, but no gradient at it will be evaluated.
    if version == k { points.retain(points.newest) }
    order(
      node,
      local.isEmpty
        ? WorkerOrder(
          worker: node, point: points.newest, version: version, allotted: .infinity, work: .localGradient)
        : localOrder(node, point: points.newest, version: version, kind: .start, work: .keptSteps))
  }

  /// slot += weight · Σ of `gradients`, which are at the newest point and have not been used before.
  public mutating func use(_ gradients: GradientRange, into slot: Slot, weight: Double = 1) {
    tally.used &+= gradients.count
    tally.useful += gradients.seconds
    accumulate(
      gradients: gradients.count, from: gradients.first, of: gradients.node, into: slot, weight: weight)
  }

  /// The number of the job of `node` that runs, or has run last.
  func job(of node: Int) -> Int { jobs[node].number }

  /// Tells the log what became of gradients at the point of version `version`.
  public mutating func tell(_ gradients: GradientRange, areUsed: Bool, version: Int, delay: Int = 0) {
    guard log.isRecording, gradients.count > 0 else { return }
    log.append(
      LogEntry(
        time: now, kind: areUsed ? .use : .discard, worker: gradients.node, job: gradients.first,
        version: version, delay: Double(delay), iteration: k, count: gradients.count))
  }
}

// MARK: - A model for every node

extension Server {
  /// The model is from now on the mean of `models`.
  public mutating func report(_ models: Slots) { give(.report(models: models)) }

  /// slot += weight · the last gradient of `node`, at the point in slot `point`.
  public mutating func accumulate(_ node: Int, at point: Slot, into slot: Slot, weight: Double = 1) {
    give(
      .accumulateAt(
        slot: slot, weight: weight, point: point, worker: Int32(truncatingIfNeeded: node),
        job: jobs[node].number))
  }

  /// `copy` moves towards `source` by what `node` sends of the difference, compressed. The random numbers
  /// are those of its last gradient.
  public mutating func follow(_ source: Slot, by copy: Slot, _ compression: Compression, of node: Int) {
    give(
      .follow(
        source: source, copy: copy, compression: compression, worker: Int32(truncatingIfNeeded: node),
        job: jobs[node].number))
  }

  /// slot = other.
  public mutating func copy(_ other: Slot, to slot: Slot) {
    combine(slot, scaledBy: 0, with: other, times: 1)
  }

  /// intoᵢ = Σⱼ Wᵢⱼ fromⱼ for the entries Wᵢⱼ, which are in order of i; rows without entries are empty.
  public mutating func mix(_ from: Slots, into: Slots, by entries: Table<MixingWeight>) {
    give(.mix(from: from[0], into: into[0], rows: Int32(truncatingIfNeeded: into.count), entries: entries))
  }

  /// Counts an update of the nodes' models; the run ends where one of `models` is no longer finite.
  public mutating func countUpdate(of models: Slots) {
    _ = advance()
    give(.check(models: models))
  }
}

extension Server {
  /// Counts an update of the model of `node` among `models`; the run ends where that is no longer finite.
  public mutating func countUpdate(of models: Slots, at node: Int) {
    _ = advance()
    give(.check(models: Slots(first: models[node].index, count: 1)))
  }
}
