/// One sum over all nodes, brought to the pivot along the tree st: a node sends when it is ready and what it
/// waits for from behind has come.
struct Reduction: BitwiseCopyable, Sendable {
  private var trees = SpanningTrees()
  /// Seconds on the link to the next node.
  private var seconds = Table<Double>()
  /// How many sums each node still waits for, its own included.
  private var missing = Table<Int32>()
  private var first = 0
  private var coordinates = 0

  init() {}

  init(_ setup: inout Setup, _ network: Network, coordinates: Int) throws(SetupError) {
    trees = network.trees
    self.coordinates = coordinates
    seconds = try setup.table(of: Double.self)
    missing = try setup.table(of: Int32.self)
    first = setup.channels(setup.workers)
    for node in seconds.indices where network.trees.receiverLink[node] >= 0 {
      seconds[node] = network.links[Int(network.trees.receiverLink[node])].duration(coordinates: coordinates)
    }
  }

  func owns(_ channel: Int) -> Bool { channel >= first && channel < first + seconds.count }

  /// `node` waits for everything anew.
  func start(_ node: Int) { missing[node] = trees.senders[node] + 1 }

  func start() {
    for node in missing.indices { start(node) }
  }

  /// The node to which what has come on `channel` was sent.
  func receiver(of channel: Int) -> Int { Int(trees.receiver[channel - first]) }

  /// One of the parts that `node` waits for has arrived; true if it was the last, and then the sum is sent.
  func complete(_ node: Int, _ server: inout Server) -> Bool {
    missing[node] -= 1
    guard missing[node] == 0 else { return false }
    if node != trees.pivot { server.send(first + node, after: seconds[node], coordinates: coordinates) }
    return true
  }
}
