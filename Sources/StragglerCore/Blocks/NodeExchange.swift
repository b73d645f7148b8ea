/// What methods with a model for every node have in common: links that go both ways.
struct NodeExchange {
  /// Throws unless every link of `network` has one back.
  static func requireBothWays(_ network: Network) throws(SetupError) {
    for index in network.links.indices {
      let link = network.links[index]
      guard network.link(from: Int(link.target), to: Int(link.source)) != nil else {
        throw .impossible(
          "a method that exchanges models, on a network with links in one direction only",
          remedy: "give each link both ways, or take fragile or amelie")
      }
    }
  }

  /// The longest time of a link, for messages of `coordinates`.
  static func slowestLink(_ network: Network, coordinates: Int) -> Double {
    var slowest = 0.0
    for index in network.links.indices {
      slowest = max(slowest, network.links[index].duration(coordinates: coordinates))
    }
    return slowest
  }
}
