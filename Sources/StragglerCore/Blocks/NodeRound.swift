// SPDX-License-Identifier: Apache-2.0

/// A round of the methods with a model for every node: every node computes one gradient at its own model;
/// when all have, they exchange messages with their neighbours, which takes as long as the slowest link.
struct NodeRound: BitwiseCopyable, Sendable {
  private var channel = 0
  private var seconds = 0.0
  private var messages = 0
  private var computed = 0

  init() {}

  /// Rounds in which `messages` of d coordinates are exchanged in `seconds`.
  init(_ setup: inout Setup, seconds: Double, messages: Int) {
    channel = setup.channels(1)
    self.seconds = seconds
    self.messages = messages
  }

  /// Every node begins to compute.
  mutating func begin(_ server: inout Server) {
    computed = 0
    for node in 0..<server.workers { server.compute(node, version: server.iteration) }
  }

  /// A node has computed its gradient; the last one starts the exchange, and `deliver` ends the round.
  mutating func end(_ arrival: Arrival, _ server: inout Server) {
    server.use(arrival)
    computed += 1
    guard computed == server.workers else { return }
    server.send(channel, after: seconds, coordinates: server.vectorLength, count: messages)
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
