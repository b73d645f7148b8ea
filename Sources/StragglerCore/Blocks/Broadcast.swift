/// Something on its way from the pivot to every node, along the tree st_bc: each node passes it on when it
/// comes.
///
/// A newer broadcast replaces an older one: where it needs a link that the older still occupies, the older is
/// dropped. Gradients at an old point are of no use, so dropping it saves wasted work and changes nothing
/// else.
struct Broadcast: BitwiseCopyable, Sendable {
  private var trees = SpanningTrees()
  /// Seconds on the link to every node.
  private var seconds = Table<Double>()
  /// The version that is on its way to every node.
  private var versions = Table<Int>()
  private var first = 0
  private var coordinates = 0

  init() {}

  /// Broadcasts of `coordinates` in the network of `setup`, whose trees are grown.
  init(_ setup: inout Setup, _ network: Network, coordinates: Int) throws(SetupError) {
    trees = network.trees
    self.coordinates = coordinates
    seconds = try setup.table(of: Double.self)
    versions = try setup.table(of: Int.self)
    first = setup.channels(setup.workers)
    for node in seconds.indices where network.trees.senderLink[node] >= 0 {
      seconds[node] = network.links[Int(network.trees.senderLink[node])].duration(coordinates: coordinates)
    }
  }

  /// Whether `channel` is one of this broadcast's.
  func owns(_ channel: Int) -> Bool { channel >= first && channel < first + seconds.count }

  /// Sends version `version` on from `node`, which has it.
  func send(_ version: Int, from node: Int, _ server: inout Server) {
    var child = trees.heads[node]
    while child >= 0 {
      versions[Int(child)] = version
      server.send(first + Int(child), after: seconds[Int(child)], coordinates: coordinates)
      child = trees.siblings[Int(child)]
    }
  }

  /// Takes in what has come on `channel`, and sends it on.
  func deliver(_ channel: Int, _ server: inout Server) -> (node: Int, version: Int) {
    let node = channel - first
    send(versions[node], from: node, &server)
    return (node, versions[node])
  }
}
