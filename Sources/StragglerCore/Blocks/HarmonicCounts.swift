// SPDX-License-Identifier: Apache-2.0

/// How the pivot learns whether the nodes have computed enough: node q sends bᵩ = Σ_p b_p + 1/sᵩ along st,
/// over the nodes p behind it and with its own count sᵩ, whenever that has changed and its link is free; 1/0
/// = ∞, which is never sent. The pivot's is Σ 1/sᵢ, a little late, and n/b the harmonic mean of the counts.
struct HarmonicCounts: BitwiseCopyable, Sendable {
  /// A number of a version.
  private struct Report: BitwiseCopyable {
    var version: Int
    var value: Double
  }

  private var channels = TreeChannels()
  /// sᵢ at the node's version.
  private(set) var counts = Table<Int>()
  private var versions = Table<Int>()
  /// What every node has sent last, and what of it has come.
  private var sent = Table<Report>()
  private var come = Table<Report>()

  init() {}

  init(_ setup: inout Setup, _ network: Network) throws(SetupError) {
    channels = try TreeChannels(&setup, network, .toPivot, coordinates: 1)
    counts = try setup.table(of: Int.self)
    versions = try setup.table(of: Int.self)
    sent = try setup.table(of: Report.self)
    come = try setup.table(of: Report.self)
  }

  func owns(_ channel: Int) -> Bool { channels.owns(channel) }

  mutating func reset() {
    counts.fill(0)
    versions.fill(-1)
    sent.fill(Report(version: -1, value: .infinity))
    come.fill(Report(version: -1, value: .infinity))
  }

  /// `node` begins at the point of version `version`; what it has sent of older ones is dropped.
  mutating func start(_ node: Int, version: Int, _ server: inout Server) {
    counts[node] = 0
    versions[node] = version
    channels.withdraw(node, &server)
  }

  /// `node` has computed one more.
  mutating func add(_ node: Int, _ server: inout Server) {
    counts[node] += 1
    send(node, &server)
  }

  /// bᵩ as the node q knows it. O(nodes right behind it).
  func sum(at node: Int) -> Double {
    guard counts[node] > 0 else { return .infinity }
    let trees = channels.trees
    var sum = CompensatedSum(1 / Double(counts[node]))
    // The children of a node follow one another, each with its whole subtree.
    var rank = Int(trees.rank[node]) + 1
    let end = Int(trees.rank[node] + trees.size[node])
    while rank < end {
      let child = Int(trees.nodeAtRank[rank])
      guard come[child].version == versions[node] else { return .infinity }
      sum.add(come[child].value)
      rank += Int(trees.size[child])
    }
    return sum.value
  }

  /// Takes in what has come on `channel`; returns the node that has it now.
  mutating func deliver(_ channel: Int, _ server: inout Server) -> Int {
    let node = channels.node(of: channel)
    come[node] = sent[node]
    let receiver = Int(channels.trees.receiver[node])
    send(receiver, &server)
    send(node, &server)
    return receiver
  }

  private mutating func send(_ node: Int, _ server: inout Server) {
    guard channels.trees.receiver[node] >= 0, !channels.isBusy(node, server) else { return }
    let sum = sum(at: node)
    guard sum < .infinity, sent[node].version != versions[node] || sent[node].value != sum else { return }
    sent[node] = Report(version: versions[node], value: sum)
    channels.send(node, &server)
  }
}
