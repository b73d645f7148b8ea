// SPDX-License-Identifier: Apache-2.0

/// A round of the methods with a model for every node: every node computes one gradient at its own model;
/// when all have, they exchange messages with their neighbours, which takes as long as the slowest link.
/// Where the exchange `overlaps`, it begins with the round, and the round ends with the later of the two.
struct NodeRound: BitwiseCopyable, Sendable {
  private var channel = 0
  private var seconds = 0.0
  private var messages = 0
  private var coordinates = 0
  private var overlaps = false
  private var computed = 0
  private var isExchanged = false

  init() {}

  /// Rounds in which `messages` of so many `coordinates`, d if left out, are exchanged in `seconds`.
  init(
    _ setup: inout Setup, seconds: Double, messages: Int, coordinates: Int? = nil, overlaps: Bool = false
  ) {
    channel = setup.channels(1)
    self.coordinates = coordinates ?? setup.conditions.dimension
    (self.seconds, self.messages, self.overlaps) = (seconds, messages, overlaps)
  }

  /// Every node begins to compute.
  mutating func begin(_ server: inout Server) {
    (computed, isExchanged) = (0, false)
    for node in 0..<server.workers { server.compute(node, version: server.iteration) }
    if overlaps { send(&server) }
  }

  /// A node has computed its gradient; the last one starts the exchange, unless that overlaps. True if the
  /// round has ended.
  mutating func end(_ arrival: Arrival, _ server: inout Server) -> Bool {
    server.use(arrival)
    computed += 1
    guard computed == server.workers else { return false }
    if !overlaps { send(&server) }
    return isExchanged
  }

  /// The messages have come. True if the round has ended.
  mutating func exchange(_ server: borrowing Server) -> Bool {
    isExchanged = true
    return computed == server.workers
  }

  private func send(_ server: inout Server) {
    server.send(channel, after: seconds, coordinates: coordinates, count: messages)
  }
}

extension Network {
  /// Throws unless every link has one back.
  func requireBothWays() throws(SetupError) {
    for index in links.indices {
      let link = links[index]
      guard self.link(from: Int(link.target), to: Int(link.source)) != nil else {
        throw .impossible(
          "a method that exchanges models, on a network with links in one direction only",
          remedy: "give each link both ways, or take fragile or amelie")
      }
    }
  }

  /// The longest time of a link, for messages of `coordinates`.
  func slowestLink(coordinates: Int) -> Double {
    var slowest = 0.0
    for index in links.indices { slowest = max(slowest, links[index].duration(coordinates: coordinates)) }
    return slowest
  }
}
