// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// The pages of `help`, made of the table and the catalogue.
struct HelpPage: Sendable {
  let table: CommandTable
  let catalogue: Catalogue

  /// Pages besides those of commands, problems and methods.
  static let topics = ["expressions", "distributions", "speeds", "records"]

  /// Every command with its summary.
  var overview: String {
    """
    \(Self.columns(table.commands.map { ($0.name, $0.summary) }))

    To begin with:
      problem quadratic dim=1000 noise=0.0003
      workers 100 tau=sqrt(i) delay=lognormal(0,1)
      method rennala gamma=0.5 batch=20
      run gradnorm2<1e-3
      plot y=gap logy
      compare rennala ringmaster asgd time=500

    `help COMMAND` explains a command; so do `help METHOD`, `help PROBLEM`, `help LAW`, `help expressions`,
    `help distributions`, `help speeds` and `help records`. # starts a comment, ; separates commands, \\ at
    the end continues a line.
    """
  }

  /// The page about a command, a problem, a method, a law or a topic; nil if there is none.
  func page(_ topic: String) -> String? {
    var pages: [String] = []
    if let command = table[topic] { pages.append(page(command)) }
    if let problem = catalogue.problem(topic) {
      pages.append(entry("problem \(topic)", problem.summary, problem.keys))
    }
    if let method = catalogue.method(topic) {
      pages.append(entry("method \(topic)", method.summary, method.keys))
    }
    if let law = catalogue.law(topic) { pages.append(Self.page(law)) }
    if topic == "expressions" { pages.append(Self.expressions) }
    if topic == "distributions" { pages.append(distributions) }
    if topic == "records" { pages.append(Self.records) }
    if topic == "speeds" { pages.append(Self.speeds) }
    return pages.isEmpty ? nil : pages.joined(separator: "\n\n")
  }

  private func page(_ command: CommandDescription) -> String {
    var parts = ["\(command.usage)\n  \(command.summary)"]
    if !command.details.isEmpty { parts.append(Self.wrapped(command.details)) }
    let arguments =
      command.parameters.map { ($0.name, $0.summary) }
      + command.keys.map { ("\($0.name)=", Self.summary($0)) }
      + command.flags.map { ($0.name, $0.summary) }
    if !arguments.isEmpty { parts.append(Self.columns(arguments)) }
    switch command.arguments.keySource {
    case .none, .columns: break
    case .problem: parts.append(Self.columns(catalogue.problems.map { ($0.name, $0.summary) }))
    case .method: parts.append(Self.columns(catalogue.methods.map { ($0.name, $0.summary) }))
    }
    return parts.joined(separator: "\n\n")
  }

  private func entry(_ usage: String, _ summary: String, _ keys: [Key]) -> String {
    let keys = keys.map { key in
      let words = key.words.isEmpty ? "" : ": \(key.words.joined(separator: ", "))"
      return ("\(key.name)=", "\(key.summary)\(words) (\(key.standard))")
    }
    return "\(usage)\n  \(summary)" + (keys.isEmpty ? "" : "\n\n" + Self.columns(keys))
  }

  private static func page(_ law: LawEntry) -> String {
    "delay=\(law.usage)\n  \(law.summary)\n\n" + columns(law.parameters.map { ($0.name, $0.expected) })
  }

  static func summary(_ key: CommandKey) -> String {
    var words = key.words
    if case .word(.fixed(let options)) = key.kind, words.isEmpty, options.count <= 4 { words = options }
    let choice = words.isEmpty ? "" : ": \(words.joined(separator: ", "))"
    return key.summary + choice + (key.standard.isEmpty ? "" : " (\(key.standard))")
  }

  /// Two columns, the second one at the same place in all rows.
  static func columns(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { left, right in
      "  \(left)\(String(repeating: " ", count: width - left.count))  \(right)"
    }.joined(separator: "\n")
  }

  /// A paragraph in lines of at most 100 characters.
  static func wrapped(_ text: String) -> String {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + 1 + word.count > 100 { lines.append("") }
      lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
    }
    return lines.joined(separator: "\n")
  }

  static let expressions = """
    Numbers (1e-4, inf, nan), true (1), false (0), texts in quotes, variables, and from loose to tight:
      or
      and
      not
      == != < <= > >=     1 or 0; they do not chain
      + -                 + also joins texts
      * /
      -x
      ^                   to the right: 2^3^2 is 2^9, and -2^2 is -4
    Functions:
    \(columns(Function.allCases.map { ("\($0.rawValue)(\($0.isVariadic ? "x,…" : "x"))", $0.summary) }))
    value(TEXT) is the variable of that name: value("theory_"+m+"_time").
    Where a value is asked for every worker, i is the worker's index from 1 and n the number of workers;
    draw(LAW) is a number drawn once for each worker, fixed by the seed, and column("FILE","TITLE") is what a
    table has in the worker's row.
    In arguments an expression has no spaces outside brackets; after let NAME = and expect they are free.
    """

  static let records = """
    Tables that advise trace, trace("FILE") after delay=, speed= and available=, topology file and
    workers "FILE" read: text, with commas, semicolons, tabs, | or blanks between the cells, perhaps in
    quotation marks, perhaps gzipped. # begins a comment at the beginning of a line and after a blank. Columns
    are found by their titles, in any order and case; _, - and blanks make no difference:
    \(columns(recordTitles))
    A unit in the title (duration_ms, time (us), elapsed [min]) or in the cell (12ms, 00:01:30, 1-02:03:04) is
    converted; start and end may be dates, 2026-03-01T12:00:00Z. inf is a job that never ended, and so is one
    whose outcome begins with fail, error, killed, timeout, cancel, preempt, oom or node_fail, or is an exit
    code but 0; ok, done, completed, success, succeeded, finished and 0 are delivered.
    Without titles, one column is the durations of one worker, and two are worker and duration.
    What was taken is said in a line; what could be misread is an error. Keys of advise and in trace(…) say
    what the titles do not:
    \(columns(Arguments(describing: RecordKeys.self).keys.map { ("\($0.name)=", summary($0)) }))
    Keys in trace(…) after speed= and available=:
    \(columns(Arguments(describing: ChangeKeys.self).keys.map { ("\($0.name)=", summary($0)) }))
    Where workers have names, rows of all these tables are theirs by name.
    """

  private static let recordTitles = [
    ("worker", "worker, worker_id, rank, client, device, node, nodelist, host, machine, gpu, name; id"),
    ("duration", "duration, seconds, elapsed, runtime, compute_time, step_time; time without start and end"),
    ("start", "start, begin, started, start_time"),
    ("end", "end, finish, finished, end_time"),
    ("outcome", "status, state, result, outcome, exit_code"),
    ("from, to", "from, source, src; to, target, dst, destination (topology)"),
    ("seconds", "seconds, weight, latency, delay, time; per_coordinate (topology)"),
    ("time", "time, timestamp, at, start (changes of speed or availability)"),
    ("speed, state", "speed, rate; state, status, available, online: on, off, 1, 0, up, down"),
    ("a key of workers", "the same title: tau, delay, upload, download, power, speed (fleets)"),
  ]

  private var distributions: String {
    """
    Of durations in simulated seconds:
    \(Self.columns(catalogue.laws.map { ($0.usage, $0.summary) } + LawNames.others))
    """
  }

  static let speeds = """
    A job of τ + η seconds of work that is assigned at s ends at the least e with ∫ₛᵉ v(t) dt = τ + η.
    speed= is v(t), a number or
    \(columns([Schedule.Form.profile, .sine, .trace].map { ($0.usage, $0.summary) }))
    available= multiplies it by 1 or 0
    \(columns([Schedule.Form.trace, .markov, .until].map { ($0.usage, $0.summary) }))
    and offline= says what becomes of a job whose worker goes off:
    \(columns([
      ("pause", "its work goes on where it stopped"),
      ("restart", "it begins again when the worker is back, with the same η"),
      ("lose", "it never ends: only methods with time-outs go on")]))
    A worker that is off can be given a job, which begins when it is on. Messages are not slowed.
    """
}
