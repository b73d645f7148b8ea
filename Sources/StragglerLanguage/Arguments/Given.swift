// SPDX-License-Identifier: Apache-2.0

internal import StragglerLab

/// What was given for an argument, and where it is.
struct Given<Value: Sendable>: Sendable {
  let value: Value
  let place: Place

  /// A value that is written nowhere, unless there is a place: a property's before it is bound.
  init(_ value: Value, at place: Place = .nowhere) {
    self.value = value
    self.place = place
  }
}

/// An argument as it was read.
typealias BoundValue = Given<ArgumentValue>

extension Given where Value == ArgumentValue {
  var number: Double? { value.number }
  var word: String? { value.word }
}

/// What an argument turned out to be.
enum ArgumentValue: Sendable {
  case number(Double)
  case word(String)
  /// `quantile(0.9)`.
  case call(String, [Double])
  /// A path or another text.
  case text(String)
  case perWorker(WorkerExpression)
  case stepsize(StepsizeExpression)
  case distribution(BoundDistribution)
  case schedule(BoundSchedule)
  case list(ListValues)
  /// `[128,64]`.
  case numbers([Double])
  /// `[gap,accuracy]`.
  case names([String])
  case setting(MethodSetting)
  /// Some of the workers, from 1.
  case workers(ClosedRange<Int>)

  var number: Double? { if case .number(let number) = self { number } else { nil } }
  /// The integer that it was read as, under `ValueKind.integer`.
  var integer: Int? { number.flatMap { Int(exactly: $0) } }
  /// A word, or the text of a path.
  var word: String? {
    switch self {
    case .word(let word), .text(let word): word
    default: nil
    }
  }
}

/// A method with keys for one command: `"asgrad order=pure label=Pure"`.
struct MethodSetting: Sendable {
  let name: String
  /// What it goes by: its label, or else its text.
  let label: String
  /// Its keys, as those of `method` are given; nil where it has none of its own.
  let arguments: BoundArguments?
}

/// Recorded durations as a distribution.
struct BoundTrace: Sendable {
  let file: String
  /// Whether they come in their order, and are not drawn.
  let replays: Bool
  /// Where the file is named.
  let place: Place
  /// The keys in the brackets.
  let arguments: BoundArguments

  /// How the file is read.
  var keys: RecordKeys { Arguments.bound(RecordKeys.self, to: arguments) }
}

/// A distribution with every variable's value put in.
indirect enum BoundDistribution: Sendable {
  case law(LawEntry, [WorkerExpression])
  case trace(BoundTrace)
  /// The probability of the first law, and both.
  case mixture(WorkerExpression, BoundDistribution, BoundDistribution)

  /// No parameters, and so no law: what a property has before it is bound.
  static let none = BoundDistribution.law(.constant, [])
}
