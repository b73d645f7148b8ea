// SPDX-License-Identifier: Apache-2.0

/// What a worker's speed or availability is over time, as it is written: a number, or a form with its
/// arguments in brackets.
struct Schedule: Sendable {
  /// The forms that go by name.
  enum Form: String, CaseIterable, Sendable {
    case profile, sine, trace, markov, until

    /// How it is written.
    var usage: String {
      switch self {
      case .profile: "profile(P,v1,…)"
      case .sine: "sine(P,a)"
      case .trace: "trace(\"FILE\",KEY=VALUE…)"
      case .markov: "markov(up,down)"
      case .until: "until(t)"
      }
    }

    /// What it is, in one line for `help`.
    var summary: String {
      switch self {
      case .profile: "a period of P seconds in equal pieces with these speeds, again and again"
      case .sine: "1 + a sin(2π(t/P + phase)), a from 0 to 1"
      case .trace: "from a file: rows of worker, time and speed, or on and off"
      case .markov: "on and off for exponential times with these means"
      case .until: "on until that time, then off for ever"
      }
    }

    fileprivate func takes(_ count: Int) -> Bool {
      switch self {
      case .profile: count >= 2
      case .sine, .markov: count == 2
      case .trace: count >= 1
      case .until: count == 1
      }
    }
  }

  /// nil for a number.
  let form: Form?
  let arguments: [Expression]
  /// The keys behind the name of a file.
  var keys: [Argument] = []
  let place: Place

  /// Reads one of `forms`, or a number where `isNumber`.
  init(parsing place: Place, among forms: [Form], orNumber isNumber: Bool) throws(Diagnostic) {
    self.place = place
    let name = ArgumentReader.calledName(place)
    guard let name, Function(rawValue: name.text) == nil else {
      guard isNumber else { throw Diagnostic(.noSchedule(place.text, usages: forms.map(\.usage)), at: place) }
      (form, arguments) = (nil, [try ExpressionParser.expression(place)])
      return
    }
    guard let form = Form(rawValue: name.text), forms.contains(form) else {
      throw Diagnostic(.noSchedule(name.text, usages: forms.map(\.usage)), at: name)
    }
    let parts = try ArgumentReader.parts(
      ofBracketed: Place(place.source, name.range.upperBound..<place.range.upperBound))
    guard form.takes(parts.count) else {
      throw Diagnostic(.scheduleArguments(form.rawValue, given: parts.count, usage: form.usage), at: place)
    }
    var arguments: [Expression] = []
    if form == .trace {
      for part in parts.dropFirst() {
        guard Argument(part).key != nil else {
          throw Diagnostic(.scheduleArguments(form.rawValue, given: parts.count, usage: form.usage), at: part)
        }
        keys.append(Argument(part))
      }
    }
    for part in parts.dropLast(keys.count) { arguments.append(try ExpressionParser.expression(part)) }
    (self.form, self.arguments) = (form, arguments)
  }
}
