internal import StragglerCore
internal import StragglerData
internal import StragglerLab

extension Interpreter {
  /// Keeps the topology as it was written, and reads its file.
  func topology(_ arguments: BoundArguments) throws -> Outcome {
    let command = Configuration.Command(arguments: arguments, environment: environment)
    let kind = arguments["KIND"]?.value
    var links: RecordedLinks?
    if case .word("file")? = kind {
      guard let file = arguments["FILE"], let path = file.word else {
        throw Diagnostic(
          "topology file needs a file", remedy: "write topology file \"links.csv\"", at: arguments.place)
      }
      try refuse(["link", "link_per_coordinate", "rows", "center", "branching"], arguments, "a file")
      let isDirected = arguments["directed"]?.number == 1
      do { links = try RecordedLinks.read(path, isDirected: isDirected) } catch {
        throw Self.diagnostic(error, at: file.place)
      }
    } else {
      if let file = arguments["FILE"] {
        throw Diagnostic(
          "only topology file takes a file", remedy: "write topology file \"links.csv\"", at: file.place)
      }
      if case .word("random(degree)")? = kind {
        throw Diagnostic(
          "random needs a degree", remedy: "write topology random(4)", at: arguments.place)
      }
      let name = Self.name(of: kind)
      let own = ["grid": ["rows"], "torus": ["rows"], "star": ["center"], "tree": ["branching"]][name] ?? []
      try refuse(["rows", "center", "branching", "directed"].filter { !own.contains($0) }, arguments, name)
      try checkTimes(arguments, nodes: configuration.workers.count)
    }
    configuration.topology = command
    configuration.links = links
    changed()
    return .done
  }

  private static func name(of kind: ArgumentValue?) -> String {
    switch kind {
    case .word(let word)?, .call(let word, _)?: word
    default: ""
    }
  }

  private func refuse(_ names: [String], _ arguments: BoundArguments, _ kind: String) throws(Diagnostic) {
    for name in names {
      guard let value = arguments[name] else { continue }
      throw Diagnostic("\(name)= has no meaning for \(kind)", remedy: "leave it out", at: value.place)
    }
  }

  /// Refuses a link's time that is none as soon as it is known, which for an expression in the nodes takes
  /// `nodes` of them. Whether the shape suits their number is seen in the end: another command may still
  /// change it.
  func checkTimes(_ arguments: BoundArguments, nodes: Int) throws(Diagnostic) {
    let shape = try shape(arguments)
    var isSameForAll = true
    for name in Self.timeKeys {
      guard let value = arguments[name], case .perWorker(let expression) = value.value else { continue }
      isSameForAll = isSameForAll && expression.isConstant
      guard expression.isConstant, nodes > 0 || !expression.mentionsFleet else { continue }
      let seconds = expression.evaluate(1, nodes)
      guard seconds >= 0 else {
        throw Diagnostic(
          "\(name)= is \(NumberFormat.text(seconds))", remedy: "a message takes at least 0 seconds",
          at: value.place)
      }
    }
    guard !isSameForAll, nodes > 0 else { return }
    do throws(LabError) { _ = try graph(shape, nodes, arguments) } catch {
      guard let key = error.key, Self.timeKeys.contains(key) else { return }
      throw diagnostic(error, at: arguments.place, arguments)
    }
  }

  private static let timeKeys = ["link", "link_per_coordinate"]

  /// The graph of a shape with the times that `arguments` give.
  private func graph(
    _ shape: Topology.Shape, _ nodes: Int, _ arguments: BoundArguments
  ) throws(LabError) -> Topology {
    let seconds = Self.times("link", arguments, nodes)
    let perCoordinate = Self.times("link_per_coordinate", arguments, nodes)
    return try Topology(shape, nodes: nodes) { (source, target) throws(LabError) in
      LinkTime(seconds: seconds(source, target), perCoordinate: perCoordinate(source, target))
    }
  }

  /// The topology for as many nodes as there are workers; nil where none was given.
  func topology() throws(Diagnostic) -> Topology? {
    guard let command = configuration.topology else { return nil }
    let arguments = command.arguments
    let count = configuration.workers.count
    if let links = configuration.links {
      do throws(DataError) { try links.check(nodes: count) } catch {
        throw Self.diagnostic(error, at: arguments["FILE"]?.place ?? arguments.place)
      }
      let rows = links.rows.map {
        Link(from: $0.from - 1, to: $0.to - 1, seconds: $0.seconds, perCoordinate: $0.perCoordinate)
      }
      return try connected(arguments) { () throws(LabError) in try Topology(rows, nodes: count) }
    }
    let shape = try shape(arguments)
    return try connected(arguments) { () throws(LabError) in try graph(shape, count, arguments) }
  }

  /// What `body` makes, with its errors at the key or the kind that is to blame.
  private func connected(
    _ arguments: BoundArguments, _ body: () throws(LabError) -> Topology
  ) throws(Diagnostic) -> Topology {
    do throws(LabError) {
      let topology = try body()
      try topology.requireConnection()
      return topology
    } catch {
      let place = arguments["FILE"]?.place ?? arguments["KIND"]?.place ?? arguments.place
      throw diagnostic(error, at: place, arguments)
    }
  }

  /// The values of a key for the link between two nodes, which count from 0.
  private static func times(
    _ name: String, _ arguments: BoundArguments, _ count: Int
  ) -> (Int, Int) -> Double {
    guard case .perWorker(let expression)? = arguments[name]?.value else { return { _, _ in 0 } }
    if expression.isConstant {
      let value = expression.evaluate(1, count)
      return { _, _ in value }
    }
    return { expression.evaluate(from: $0 + 1, to: $1 + 1, count) }
  }

  private func shape(_ arguments: BoundArguments) throws(Diagnostic) -> Topology.Shape {
    switch arguments["KIND"]?.value {
    case .word("star")?: return .star(center: (arguments["center"]?.integer ?? 1) - 1)
    case .word("ring")?: return .ring
    case .word("grid")?: return .grid(rows: arguments["rows"]?.integer)
    case .word("torus")?: return .torus(rows: arguments["rows"]?.integer)
    case .word("complete")?: return .complete
    case .word("tree")?: return .tree(branching: arguments["branching"]?.integer ?? 2)
    case .call(_, let degree)?:
      guard let degree = Int(exactly: degree), degree >= 1 else {
        throw Diagnostic(
          "random(\(NumberFormat.text(degree))) has no degree", remedy: "write a whole number: random(4)",
          at: arguments["KIND"]?.place ?? arguments.place)
      }
      return .random(degree: degree, seed: configuration.seed)
    default: return .line
    }
  }

  /// Draws the network, to the terminal as a table of the nodes, or to a file.
  func plotTopology(_ arguments: BoundArguments) throws -> Outcome {
    guard configuration.topology != nil else {
      throw Diagnostic(
        "there is no topology yet", remedy: "say who is linked to whom: topology grid link=1",
        at: arguments.place)
    }
    guard !configuration.workers.isEmpty, let topology = try topology() else {
      throw Diagnostic("there are no workers yet", remedy: "say how many: workers 100", at: arguments.place)
    }
    var method = configuration.method.flatMap { catalogue.method($0)?.needsNetwork == true ? $0 : nil }
    if method == nil { method = "minibatch-decentralized" }
    var run: Run?
    if let name = method {
      var experiment = try experiment(method: name, at: arguments.place)
      if name != configuration.method {
        let settings: Settings = ["gamma": 1]
        if let entry = catalogue.method(name), let choice = try? entry.choose(settings) {
          experiment.method = choice
        }
      }
      run = try start(experiment, at: arguments.place)
    }
    let figure = TopologyFigure(topology, trees: run?.network?.trees)
    keep(.figure(svg: figure.svg))
    if let file = arguments["FILE"], let path = file.word {
      guard path.hasSuffix(".svg") else {
        throw Diagnostic(.unknownForm(path, [".svg"], arguments.command), at: file.place)
      }
      try write(
        Provenance(script: script, commands: wholeConfiguration).annotated(svg: figure.svg), to: path,
        at: file.place)
      return .done
    }
    try report(Self.json("plot", figure.json), text: figure.text(width: options.width))
    return .done
  }
}
