// SPDX-License-Identifier: Apache-2.0

public import StragglerCore
internal import StragglerData

/// The methods, problems and laws of durations that are known by name: those of the library, and those that a
/// program adds.
///
///     var catalogue = Catalogue()
///     catalogue.add(MyMethod.self)
///     catalogue.add(MyLaw.self)
public struct Catalogue: Sendable {
  /// The methods: the library's in the order of `help`, then those that were added.
  public private(set) var methods: [MethodEntry] = []
  /// The problems: the library's in the order of `help`, then those that were added.
  public private(set) var problems: [ProblemEntry] = []
  /// The laws that are made from numbers: the library's in the order of `help`, then those that were added.
  public private(set) var laws: [LawEntry] = []

  /// Everything in the library.
  public init() {
    var collector = Collector()
    Methods.visit(&collector)
    Problems.visit(&collector)
    methods = collector.methods
    problems = collector.problems
    laws = LawEntry.library
  }

  /// Adds a method of your own; one of the same name is replaced.
  @inlinable
  public mutating func add<M: Method>(_ method: M.Type) {
    add(MethodEntry(method))
  }

  @usableFromInline
  mutating func add(_ entry: MethodEntry) {
    methods.removeAll { $0.name == entry.name }
    methods.append(entry)
  }

  /// Adds a problem of your own; one of the same name is replaced.
  @inlinable
  public mutating func add<P: Problem>(_ problem: P.Type) {
    add(ProblemEntry(problem))
  }

  /// Adds a problem of your own, in a standard and another precision; one of the same name is replaced.
  @inlinable
  public mutating func add<P: Problem, Q: Problem>(_ standard: P.Type, _ other: Q.Type) {
    add(ProblemEntry(standard, other))
  }

  /// Adds a problem that is known at run time only, such as the functions of another program, under `name`;
  /// one of the same name is replaced.
  ///
  /// `summary` is its line in `help`; `isSerial` and `hasFailed` are what they are of a `ProblemChoice`.
  @inlinable
  public mutating func add<P: Problem>(
    _ problem: P, named name: String, summary: String, isSerial: Bool = false,
    hasFailed: @escaping @Sendable () -> Bool = { false }
  ) {
    add(
      ProblemEntry(problem, named: name, summary: summary, isSerial: isSerial, hasFailed: hasFailed))
  }

  @usableFromInline
  mutating func add(_ entry: ProblemEntry) {
    problems.removeAll { $0.name == entry.name }
    problems.append(entry)
  }

  /// Adds a law of your own; one of the same name is replaced.
  public mutating func add<Law: DelayLaw>(_ law: Law.Type) {
    let entry = LawEntry(law)
    laws.removeAll { $0.name == entry.name }
    laws.append(entry)
  }

  /// The method of that name; nil where there is none. O(methods).
  public func method(_ name: String) -> MethodEntry? { methods.first { $0.name == name } }
  /// The problem of that name; nil where there is none. O(problems).
  public func problem(_ name: String) -> ProblemEntry? { problems.first { $0.name == name } }
  /// The law of that name; nil where there is none. O(laws).
  public func law(_ name: String) -> LawEntry? { laws.first { $0.name == name } }

  private struct Collector: MethodVisitor, ProblemVisitor {
    var methods: [MethodEntry] = []
    var problems: [ProblemEntry] = []

    mutating func visit<M: Method>(_ method: M.Type) { methods.append(MethodEntry(method)) }
    mutating func visit<P: Problem, Q: Problem>(_ standard: P.Type, _ other: Q.Type) {
      problems.append(ProblemEntry(standard, other))
    }
  }
}

/// A method that is known by name.
public struct MethodEntry: Sendable {
  /// The name in the command language, such as `rennala`.
  public let name: String
  /// One line for `help`: what the method does.
  public let summary: String
  /// The keys that `choose` takes, in the order of `help`.
  public let keys: [Key]
  /// The keys of compression, for methods whose gradients can be compressed.
  public static let compressionKeys: Set<String> = ["compress", "feedback"]
  /// The keys of the rule of the step, for methods that step along a vector.
  public static let stepKeys: Set<String> = ["step", "max_norm"]
  /// The key of local steps, for methods whose jobs can consist of them.
  public static let localKey = "local"
  /// The keys of those that take part in a round, for methods with rounds.
  public static let roundKeys: Set<String> = ["participants", "accept"]
  /// Whether it runs on a network of nodes, without a server.
  public let needsNetwork: Bool
  /// The forms that `advise` weighs; nil: none.
  public let advised: AdvisedForms?
  private let make: @Sendable (Settings) throws(LabError) -> MethodChoice

  /// A method of the library, or one of your own.
  @inlinable
  public init<M: Method>(_ method: M.Type) {
    let keys = describe { (keys: inout Keys) throws(SetupError) in
      var (method, extras) = (M(), Extras())
      try allKeys(&method, &extras, &keys)
    }
    self.init(
      name: "\(M.name)", summary: "\(M.summary)", keys: keys, needsNetwork: M.needsNetwork,
      advised: M.advised
    ) { (settings) throws(LabError) in
      let memory = SettingMemory(settings)
      var (method, extras) = (M(), Extras())
      try bind(memory) { (keys: inout Keys) throws(SetupError) in try allKeys(&method, &extras, &keys) }
      return MethodChoice(method, settings: memory, extras)
    }
  }

  @usableFromInline
  init(
    name: String, summary: String, keys: [Key], needsNetwork: Bool, advised: AdvisedForms?,
    make: @escaping @Sendable (Settings) throws(LabError) -> MethodChoice
  ) {
    self.name = name
    self.summary = summary
    self.keys = keys
    self.needsNetwork = needsNetwork
    self.advised = advised
    self.make = make
  }

  /// The method with `settings`; throws for names that are not its keys' and values out of range.
  public func choose(_ settings: Settings = [:]) throws(LabError) -> MethodChoice {
    try check(settings, against: keys, of: "method \(name)")
    return try make(keys.withMatrices(settings))
  }
}

extension [Key] {
  /// `settings` with the matrix, row by row, in place of the path of its file.
  fileprivate func withMatrices(_ settings: Settings) throws(LabError) -> Settings {
    var settings = settings
    for key in self where key.kind == .wordOrPath {
      guard case .word(let path)? = settings[key.name], !key.words.contains(path), path != "auto" else {
        continue
      }
      do throws(DataError) { settings[key.name] = .list(try NumberArray.read(path).values) } catch {
        throw LabError(error.description, key: key.name)
      }
    }
    return settings
  }
}

/// A problem that is known by name.
public struct ProblemEntry: Sendable {
  /// The name in the command language, such as `quadratic`.
  public let name: String
  /// One line for `help`: what the problem is.
  public let summary: String
  /// The keys that `choose` takes, those of its data and `precision` included, in the order of `help`.
  public let keys: [Key]
  private let make: @Sendable (Settings, DataLibrary) throws(LabError) -> ProblemChoice

  @inlinable
  init<P: Problem, Q: Problem>(_ standard: P.Type, _ other: Q.Type) {
    self.init(standard, other: { (settings, data) throws(LabError) in try configure(Q(), settings, data) })
  }

  @inlinable
  init<P: Problem>(_ problem: P.Type, other: Maker? = nil) {
    let keys = describe { (keys: inout Keys) throws(SetupError) in
      var problem = P()
      try problem.keys(&keys)
    }
    self.init(
      name: "\(P.name)", summary: "\(P.summary)", keys: keys, data: P.data,
      isFloatStandard: P.Scalar.self == Float.self,
      standard: { (settings, data) throws(LabError) in try configure(P(), settings, data) }, other: other)
  }

  @inlinable
  init<P: Problem>(
    _ problem: P, named name: String, summary: String, isSerial: Bool,
    hasFailed: @escaping @Sendable () -> Bool
  ) {
    let keys = describe { (keys: inout Keys) throws(SetupError) in
      var problem = problem
      try problem.keys(&keys)
    }
    self.init(
      name: name, summary: summary, keys: keys, data: P.data, isFloatStandard: P.Scalar.self == Float.self,
      standard: { (settings, data) throws(LabError) in
        var choice = try configure(problem, settings, data)
        (choice.isSerial, choice.hasFailed) = (isSerial, hasFailed)
        return choice
      }, other: nil)
  }

  /// Makes a problem from settings and data.
  @usableFromInline
  typealias Maker = @Sendable (Settings, ProblemData) throws(LabError) -> ProblemChoice

  @usableFromInline
  init(
    name: String, summary: String, keys: [Key], data: DataKind, isFloatStandard: Bool,
    standard: @escaping Maker, other: Maker?
  ) {
    self.name = name
    self.summary = summary
    let words = ["float", "double"]
    let (first, second) = isFloatStandard ? (words[0], words[1]) : (words[1], words[0])
    let precision = Key("precision", .word, words: words, "of the model and its gradients", standard: first)
    self.keys = keys + DataLibrary.keys(for: data) + (other == nil ? [] : [precision])
    make = { (settings, library) throws(LabError) in
      var own = settings
      let precision = own.removeValue(forKey: "precision") ?? .word("auto")
      let loaded = try library.take(data, from: &own)
      switch precision {
      case .word(first), .word("auto"): return try standard(own, loaded)
      case .word(second):
        if let other { return try other(own, loaded) }
        fallthrough
      default:
        throw LabError(
          "the value of precision= is out of range", remedy: "precision= takes float or double",
          key: "precision")
      }
    }
  }

  /// The problem with `settings` and its data loaded by `library`, which loads the same data once only.
  ///
  /// Throws for names that are not its keys', for values out of range, and where the data cannot be read.
  public func choose(
    _ settings: Settings = [:], library: DataLibrary = DataLibrary()
  ) throws(LabError) -> ProblemChoice {
    try check(settings, against: keys, of: "problem \(name)")
    return try make(settings, library)
  }
}

@inlinable
func configure<P: Problem>(_ problem: P, _ settings: Settings, _ data: ProblemData) throws(LabError)
  -> ProblemChoice
{
  var problem = problem
  try bind(SettingMemory(settings)) { (keys: inout Keys) throws(SetupError) in try problem.keys(&keys) }
  return ProblemChoice(problem, data: data)
}

/// What belongs to a method and not to its type.
@usableFromInline
struct Extras: Sendable {
  @usableFromInline var modifiers = Modifiers()
  /// Whether it runs also where workers have objectives of their own.
  @usableFromInline var isForced = false

  @usableFromInline
  init(modifiers: Modifiers = Modifiers(), isForced: Bool = false) {
    (self.modifiers, self.isForced) = (modifiers, isForced)
  }
}

/// The keys of a method, those of the modifiers that it takes, and `force` where it has a meaning.
@inlinable
func allKeys<M: Method>(_ method: inout M, _ extras: inout Extras, _ keys: inout Keys) throws(SetupError) {
  keys.takesSchedule = M.modifiers.stepsize
  try method.keys(&keys)
  extras.modifiers.stepsize = keys.schedule
  if M.modifiers.compression {
    try keys.compression(&extras.modifiers.compression, feedback: &extras.modifiers.hasFeedback)
  }
  if M.modifiers.local { try keys.localModifier(&extras.modifiers.localSteps) }
  if M.modifiers.step {
    try keys.stepRule(&extras.modifiers.step, maxNorm: &extras.modifiers.maxNorm)
  }
  if M.modifiers.active {
    try keys.count(
      "active", &extras.modifiers.active, "C, how many workers are at work at a time; the others wait",
      standard: "all")
  }
  guard !M.allowsHeterogeneousData else { return }
  try keys.flag("force", &extras.isForced, "whether to run also where workers have objectives of their own")
}

@usableFromInline
func describe(_ body: (inout Keys) throws(SetupError) -> Void) -> [Key] {
  var keys = Keys.describing()
  // Without values there is nothing to refuse.
  try? body(&keys)
  return (0..<keys.count).compactMap { index in keys[index].map { Key($0) } }
}

@usableFromInline
func bind(_ memory: SettingMemory, _ body: (inout Keys) throws(SetupError) -> Void) throws(LabError) {
  var keys = Keys(memory.table)
  do throws(SetupError) { try body(&keys) } catch { throw LabError(keys.asWritten(error)) }
}

private func check(_ settings: Settings, against keys: [Key], of what: String) throws(LabError) {
  for name in settings.keys.sorted() {
    guard let key = keys.named(name) else {
      if MethodEntry.compressionKeys.contains(name) {
        throw LabError(
          "\(what) takes no \(name)=: its workers do not send whole gradients to a server",
          remedy: "take a method whose workers do, such as rennala or ringmaster", key: name)
      }
      if MethodEntry.stepKeys.contains(name) {
        throw LabError(
          "\(what) takes no \(name)=: its updates are not steps along a vector",
          remedy: "take a method that steps along gradients, such as rennala or ringmaster", key: name)
      }
      if name == MethodEntry.localKey, what.hasPrefix("method ") {
        throw LabError(
          "\(what) takes no \(name)=: a job of its workers is not just a gradient",
          remedy: "take a method whose jobs are, such as rennala or ringmaster", key: name)
      }
      if MethodEntry.roundKeys.contains(name), what.hasPrefix("method ") {
        throw LabError(
          "\(what) takes no \(name)=: it has no rounds in which some of the workers could take part",
          remedy: "take a method that has, such as minibatch or local-sgd", key: name)
      }
      throw LabError(
        "\(what) has no key \(name)", remedy: "it has \(keys.map(\.name).joined(separator: ", "))", key: name)
    }
    if name != key.name, settings[key.name] != nil {
      throw LabError(
        "\(name)= is \(key.name)= under its former name, and both are given",
        remedy: "give \(key.name)= alone",
        key: name)
    }
  }
}
