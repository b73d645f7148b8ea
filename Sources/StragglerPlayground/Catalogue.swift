// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// What the page can choose from, for its menus: lines of text with columns, made from the same declarations
/// as the program's `help`.
///
///     method  rennala  SUMMARY
///     key     batch    integer  WORDS  SUMMARY  STANDARD
///     law     pareto   SUMMARY
///     number  alpha    EXPECTED
struct Catalogue: MethodVisitor, DelayLawVisitor {
  var words: Words

  static func write(to words: inout Words) {
    var catalogue = Catalogue(words: words)
    Methods.visit(&catalogue)
    catalogue.problem(Quadratic<Double>())
    catalogue.problem(Landscape<Double>())
    DelayLaws.visit(&catalogue)
    words = catalogue.words
  }

  mutating func visit<M: Method>(_ type: M.Type) {
    guard !M.needsNetwork else { return }
    words.line("method", M.name, M.summary)
    var (method, extras) = (M(), Extras())
    var keys = Keys.describing()
    // Without values there is nothing to refuse.
    try? extras.bind(&method, &keys)
    list(keys)
  }

  mutating func visit<Law: DelayLaw>(_ law: Law.Type) {
    let parts = LawParts(law)
    words.line("law", parts.name, parts.summary)
    for index in 0..<parts.parameters.count {
      guard let parameter = parts.parameters[index] else { continue }
      words.line("number", parameter.name, parameter.expected)
    }
  }

  private mutating func problem<P: Problem>(_ problem: P) {
    words.line("problem", P.name, P.summary)
    var problem = problem
    var keys = Keys.describing()
    try? problem.keys(&keys)
    list(keys)
  }

  private mutating func list(_ keys: borrowing Keys) {
    for index in 0..<keys.count {
      guard let key = keys[index] else { continue }
      words.line("key", key.name, Self.word(key.kind), key.words, key.summary, key.standard)
    }
  }

  private static func word(_ kind: KeyKind) -> StaticText {
    switch kind {
    case .number: "number"
    case .integer: "integer"
    case .integers: "integers"
    case .flag: "flag"
    case .word: "word"
    case .perWorker: "perWorker"
    case .stepsize: "stepsize"
    case .clip: "clip"
    case .wordOrPath: "wordOrPath"
    case .path: "path"
    }
  }
}

/// What is put on a method and is not its own.
struct Extras {
  var modifiers = Modifiers()
  var isForced = false

  /// Names the keys of `method`, of the modifiers that it takes, and `force`, and binds what was given.
  mutating func bind<M: Method>(_ method: inout M, _ keys: inout Keys) throws(SetupError) {
    keys.takesSchedule = M.modifiers.stepsize
    try method.keys(&keys)
    modifiers.stepsize = keys.schedule
    if M.modifiers.compression {
      try keys.compression(&modifiers.compression, feedback: &modifiers.hasFeedback)
    }
    if M.modifiers.local { try keys.localModifier(&modifiers.localSteps) }
    if M.modifiers.step { try keys.stepRule(&modifiers.step, maxNorm: &modifiers.maxNorm) }
    if M.modifiers.active {
      try keys.count(
        "active", &modifiers.active, "C, how many workers are at work at a time; the others wait",
        standard: "all")
    }
    guard !M.allowsHeterogeneousData else { return }
    try keys.flag("force", &isForced, "whether to run also where workers have objectives of their own")
  }
}
