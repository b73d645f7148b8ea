// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// What `topology` asks for. The graph is made when the number of its nodes is known.
struct TopologyPlan: ArgumentSet {
  private var kind = Given(Word(name: "", argument: nil))
  private var file: Given<String>?
  private var link: Given<WorkerExpression>?
  private var linkPerCoordinate: Given<WorkerExpression>?
  private var rows: Given<Int>?
  private var center: Given<Int>?
  private var branching: Given<Int>?
  private var directed: Given<Bool>?
  private var from: Given<String>?
  private var to: Given<String>?
  private var seconds: Given<String>?
  private var perCoordinate: Given<String>?
  private var unit: Given<RecordKeys.Unit>?
  /// All of it, as it was read.
  private(set) var given = BoundArguments.none

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("KIND", &kind, .word(Self.kinds), "the shape of the graph")
    arguments.parameter("FILE", &file, .path, "for file: a list of links")
    arguments.key("link", &link, .perLink, "seconds for a message from node i to node j", standard: "0")
    arguments.key(
      "link_per_coordinate", &linkPerCoordinate, .perLink, "seconds for a coordinate of a message",
      standard: "0")
    arguments.key("rows", &rows, .integer(1...), "rows of a grid or torus", standard: "√n")
    arguments.key("center", &center, .integer(1...), "the middle of a star", standard: "1")
    arguments.key("branching", &branching, .integer(1...), "branches of a tree's nodes", standard: "2")
    arguments.key(
      "directed", &directed, .truth, "whether a row of the file is a link in one direction only",
      standard: "false")
    let byTitle = "by its title"
    arguments.key("from", &from, .column, "the file's column of the nodes that send", standard: byTitle)
    arguments.key("to", &to, .column, "the file's column of the nodes that receive", standard: byTitle)
    arguments.key("seconds", &seconds, .column, "the file's column of the times", standard: byTitle)
    arguments.key(
      "per_coordinate", &perCoordinate, .column, "the file's column of the times of a coordinate",
      standard: byTitle)
    arguments.key(
      "unit", &unit, .choice, "what the file's times are in", standard: "that of the title, or s")
    arguments.all(&given)
  }

  private static let randomKind = "random(degree)"
  private static let kinds = [
    "star", "line", "ring", "grid", "torus", "complete", "tree", randomKind, "file",
  ]

  /// What `written` asks for.
  static func of(_ written: Written) -> TopologyPlan { Arguments.bound(Self.self, to: written.arguments) }

  /// Keys of the shape, each with its place where it is given.
  private var shapeKeys: [(name: String, place: Place?)] {
    [("rows", rows?.place), ("center", center?.place), ("branching", branching?.place)]
  }

  private var fileColumns: [(role: String, column: Given<String>?)] {
    [("from", from), ("to", to), ("seconds", seconds), ("per_coordinate", perCoordinate)]
  }

  private var times: [(name: String, given: Given<WorkerExpression>?)] {
    [("link", link), ("link_per_coordinate", linkPerCoordinate)]
  }

  /// Checks what can be known before the nodes, which are the workers of `configuration` so far, and reads
  /// the file.
  func links(in configuration: Configuration) throws(Diagnostic) -> RecordedLinks? {
    if kind.value.name == "file" {
      guard let file else { throw Diagnostic(.topologyWithoutFile, at: given.place) }
      try refuse(times.map { ($0.name, $0.given?.place) } + shapeKeys, "a file")
      do throws(DataError) {
        var columns: [String: String] = [:]
        for (role, column) in fileColumns { columns[role] = column?.value }
        return try RecordedLinks.read(
          file.value, isDirected: directed?.value == true, columns: columns,
          unit: (unit?.value.rawValue).flatMap { TimeUnit($0) })
      } catch { throw Diagnostic(error, at: file.place) }
    }
    if let file { throw Diagnostic(.topologyTakesNoFile, at: file.place) }
    guard kind.value.name != Self.randomKind else { throw Diagnostic(.randomWithoutDegree, at: given.place) }
    let name = kind.value.name
    let own = ["grid": "rows", "torus": "rows", "star": "center", "tree": "branching"][name]
    let ofFile = fileColumns.map { ($0.role, $0.column?.place) } + [("unit", unit?.place)]
    try refuse((shapeKeys + [("directed", directed?.place)] + ofFile).filter { $0.name != own }, name)
    try checkTimes(in: configuration)
    return nil
  }

  private func refuse(_ keys: [(name: String, place: Place?)], _ kind: String) throws(Diagnostic) {
    for (name, place) in keys {
      if let place { throw Diagnostic(.meaninglessKey(name, of: kind), at: place) }
    }
  }

  /// Refuses a link's time that is none as soon as it is known, which for an expression in the nodes takes
  /// some of them. Whether the shape suits their number is seen in the end: another command may still
  /// change it.
  func checkTimes(in configuration: Configuration) throws(Diagnostic) {
    let nodes = configuration.workers.count
    let shape = try shape(seed: configuration.seed)
    var isSameForAll = true
    for (name, given) in times {
      guard let given else { continue }
      let expression = given.value
      isSameForAll = isSameForAll && expression.isConstant
      guard expression.isConstant, nodes > 0 || !expression.mentionsFleet else { continue }
      let seconds = expression.evaluate(1, nodes)
      guard seconds >= 0 else {
        throw Diagnostic(.badLinkTime(name, NumberFormat.text(seconds)), at: given.place)
      }
    }
    guard !isSameForAll, nodes > 0 else { return }
    do throws(LabError) { _ = try graph(shape, nodes) } catch {
      guard let key = error.key, times.contains(where: { $0.name == key }) else { return }
      throw Diagnostic(error, at: given.place, blaming: given)
    }
  }

  /// The network of as many nodes as there are workers in `configuration`.
  func network(in configuration: Configuration) throws(Diagnostic) -> Topology {
    let count = configuration.workers.count
    if let links = configuration.links {
      do throws(DataError) { try links.check(nodes: count) } catch {
        throw Diagnostic(error, at: file?.place ?? given.place)
      }
      guard links.names.isEmpty || !configuration.namesAreOwn || links.names == configuration.names else {
        throw Diagnostic(.otherNames, at: file?.place ?? given.place)
      }
      let rows = links.rows.map {
        Link(from: $0.from - 1, to: $0.to - 1, seconds: $0.seconds, perCoordinate: $0.perCoordinate)
      }
      return try connected { () throws(LabError) in try Topology(rows, nodes: count) }
    }
    let shape = try shape(seed: configuration.seed)
    return try connected { () throws(LabError) in try graph(shape, count) }
  }

  /// What `body` makes, with its errors located at the key or the kind that caused them.
  private func connected(_ body: () throws(LabError) -> Topology) throws(Diagnostic) -> Topology {
    do throws(LabError) {
      let topology = try body()
      try topology.requireConnection()
      return topology
    } catch { throw Diagnostic(error, at: file?.place ?? kind.place, blaming: given) }
  }

  /// The graph of a shape with the times that were given.
  private func graph(_ shape: Topology.Shape, _ nodes: Int) throws(LabError) -> Topology {
    let seconds = Self.times(link, nodes)
    let perCoordinate = Self.times(linkPerCoordinate, nodes)
    return try Topology(shape, nodes: nodes) { (source, target) throws(LabError) in
      LinkTime(seconds: seconds(source, target), perCoordinate: perCoordinate(source, target))
    }
  }

  /// The values of a key for the link between two nodes, which count from 0.
  private static func times(_ given: Given<WorkerExpression>?, _ count: Int) -> (Int, Int) -> Double {
    guard let expression = given?.value else { return { _, _ in 0 } }
    if expression.isConstant {
      let value = expression.evaluate(1, count)
      return { _, _ in value }
    }
    return { expression.evaluate(from: $0 + 1, to: $1 + 1, count) }
  }

  private func shape(seed: UInt64) throws(Diagnostic) -> Topology.Shape {
    if let degree = kind.value.argument {
      guard let whole = Int(exactly: degree), whole >= 1 else {
        throw Diagnostic(.badDegree(NumberFormat.text(degree)), at: kind.place)
      }
      return .random(degree: whole, seed: seed)
    }
    switch kind.value.name {
    case "star": return .star(center: (center?.value ?? 1) - 1)
    case "ring": return .ring
    case "grid": return .grid(rows: rows?.value)
    case "torus": return .torus(rows: rows?.value)
    case "complete": return .complete
    case "tree": return .tree(branching: branching?.value ?? 2)
    default: return .line
    }
  }
}

extension Configuration {
  /// The network of as many nodes as there are workers; nil where none was given.
  func network() throws(Diagnostic) -> Topology? {
    guard let topology else { return nil }
    return try TopologyPlan.of(topology).network(in: self)
  }
}
