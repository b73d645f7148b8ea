// SPDX-License-Identifier: Apache-2.0

import CPlayground
import StragglerCore

// The functions that the page calls. There is one run in an instance of the module; text and numbers go
// through two tables at fixed places.

private struct Stage {
  var input = Table<UInt8>()
  var numbers = Table<Double>()
  var output = Words(Table())
  var outputBytes = Table<UInt8>()
  var plan: Plan?
  var run: Run?
}

nonisolated(unsafe) private var stage = Stage()

private func take(_ bytes: Int) throws(SetupError) -> Arena {
  guard let start = unsafe playground_take(bytes) else { throw .outOfMemory }
  return unsafe Arena(UnsafeMutableRawBufferPointer(start: start, count: bytes))
}

/// The first `count` bytes of the input.
private func text(_ start: Int32, _ count: Int32) -> Text {
  let bytes = stage.input[Int(start)..<Int(start) + Int(count)]
  return unsafe Text(UnsafeBufferPointer(bytes.buffer))
}

private func refuse(_ error: SetupError) -> Int32 {
  stage.output.removeAll()
  stage.output.append(error)
  return 1
}

/// Forgets the last run and begins a plan for `workers` workers. 0, or 1 with a message in the output.
@c public func playground_begin(_ workers: Int32, _ low: UInt32, _ high: UInt32, _ epsilon: Double) -> Int32 {
  (stage.run, stage.plan) = (nil, nil)
  playground_forget()
  do throws(SetupError) {
    let count = max(0, Int(workers))
    var arena = try take(200_000 + count * 512)
    stage.input = try arena.table(of: UInt8.self, count: 65_536)
    stage.outputBytes = try arena.table(of: UInt8.self, count: 65_536)
    stage.output = Words(stage.outputBytes)
    stage.numbers = try arena.table(of: Double.self, count: 1_024)
    var plan = try Plan(workers: count, arena: &arena)
    plan.seed = UInt64(high) << 32 | UInt64(low)
    plan.epsilon = epsilon
    stage.plan = plan
    return 0
  } catch { return refuse(error) }
}

/// Where the page writes text.
@c public func playground_input() -> UInt32 { UInt32(truncatingIfNeeded: stage.input.address) }
/// Where text for the page is, and how many bytes.
@c public func playground_output() -> UInt32 { UInt32(truncatingIfNeeded: stage.outputBytes.address) }
@c public func playground_output_count() -> Int32 { Int32(truncatingIfNeeded: stage.output.count) }
/// Where numbers go in and out.
@c public func playground_numbers() -> UInt32 { UInt32(truncatingIfNeeded: stage.numbers.address) }

/// Everything there is to choose from, as text in the output; after `playground_begin`.
@c public func playground_catalogue() {
  stage.output.removeAll()
  Catalogue.write(to: &stage.output)
}

/// τ of a worker, from 0.
@c public func playground_tau(_ worker: Int32, _ tau: Double) { stage.plan?.workers[Int(worker)].tau = tau }

/// The time at which a worker leaves for ever; above 0.
@c public func playground_leaving(_ worker: Int32, _ time: Double) {
  stage.plan?.leaving[Int(worker)] = time
}

/// Sets the law of workers `first` to `last`: its name is the input, its parameters the first three numbers.
@c public func playground_law(_ first: Int32, _ last: Int32, _ count: Int32) -> Int32 {
  guard let plan = stage.plan else { return 1 }
  guard let delay = law(count) else { return 1 }
  for worker in Int(first)...Int(last) { plan.workers[worker].delay = delay }
  return 0
}

private func law(_ count: Int32) -> Delay? {
  let numbers = stage.numbers
  var choice = LawChoice(text(0, count), SIMD4(numbers[0], numbers[1], numbers[2], 0))
  DelayLaws.visit(&choice)
  if let delay = choice.delay { return delay }
  stage.output.removeAll()
  if let error = choice.error {
    stage.output.append(error.parameter)
    stage.output.append(" takes ")
    stage.output.append(error.expected)
  } else {
    stage.output.append("no such law")
  }
  return nil
}

/// P(η ≤ t) of the law in the input for `points` times, the numbers from the fourth on, in their place; for
/// jobs of `work` seconds. 1 where the law is none.
@c public func playground_cdf(_ count: Int32, _ points: Int32, _ work: Double) -> Int32 {
  guard let delay = law(count)?.during(work) else { return 1 }
  let numbers = stage.numbers
  for index in 3..<3 + Int(points) { numbers[index] = delay.cdf(numbers[index]) }
  return 0
}

/// The quantile of the law in the input at p, for jobs of `work` seconds.
@c public func playground_quantile(_ count: Int32, _ p: Double, _ work: Double) -> Double {
  law(count)?.during(work).quantile(p) ?? .nan
}

/// Names the problem or the method: the input.
@c public func playground_name(_ isMethod: Int32, _ start: Int32, _ count: Int32) {
  if isMethod != 0 {
    stage.plan?.method = text(start, count)
  } else {
    stage.plan?.problem = text(start, count)
  }
}

/// Gives a key of the problem or the method, whose name and word are pieces of the input, which stay there
/// until the run has started. Without a word it has the first number for its value, with `arguments` above 0
/// it is a call with so many of the numbers, of which tables are made at `kept`.
@c public func playground_key(
  _ isMethod: Int32, _ start: Int32, _ count: Int32, _ wordStart: Int32, _ wordCount: Int32,
  _ kept: Int32, _ arguments: Int32
) -> Int32 {
  let numbers = stage.numbers[Int(kept)..<Int(kept) + max(1, Int(arguments))]
  let setting: Setting
  if wordCount == 0 {
    setting = .number(numbers[0])
  } else if arguments > 0 {
    setting = .call(text(wordStart, wordCount), numbers)
  } else {
    setting = .word(text(wordStart, wordCount))
  }
  guard let isKept = stage.plan?.set(NamedSetting(text(start, count), setting), ofMethod: isMethod != 0),
    isKept
  else { return 1 }
  return 0
}

/// Sets the run up: 0 with remarks in the output, or 1 with what is wrong.
@c public func playground_start() -> Int32 {
  stage.output.removeAll()
  guard let plan = stage.plan else { return 1 }
  do throws(SetupError) {
    var words = stage.output
    stage.run = try plan.start(&words, take: take)
    stage.output = words
    return 0
  } catch { return refuse(error) }
}

/// Handles at most so many events that come by `time`; a `Run.Pause`.
@c public func playground_advance(_ events: Int32, _ time: Double) -> Int32 {
  stage.run?.advance(Int(events), by: time).rawValue ?? Run.Pause.failed.rawValue
}

/// When the next event comes.
@c public func playground_time_of_next() -> Double { stage.run?.simulated.timeOfNext ?? .infinity }

/// What has happened: where the rows are, and how many.
@c public func playground_log() -> UInt32 { UInt32(truncatingIfNeeded: stage.run?.log.address ?? 0) }
@c public func playground_log_count() -> Int32 { Int32(truncatingIfNeeded: stage.run?.logCount ?? 0) }
@c public func playground_trace() -> UInt32 { UInt32(truncatingIfNeeded: stage.run?.trace.address ?? 0) }
@c public func playground_trace_count() -> Int32 { Int32(truncatingIfNeeded: stage.run?.traceCount ?? 0) }
/// The page has seen these rows.
@c public func playground_seen() { stage.run?.forget() }

/// Writes the statistics to the numbers, and says how many there are.
@c public func playground_statistics() -> Int32 {
  Int32(truncatingIfNeeded: stage.run?.write(to: stage.numbers) ?? 0)
}

/// The mistake in a method that has ended the run, in the output.
@c public func playground_fault() {
  stage.output.removeAll()
  guard let fault = stage.run?.simulated.fault else { return }
  stage.output.append(fault.summary)
}

/// f of a landscape: 0 bowl, 1 Rosenbrock's function, 2 two valleys.
@c public func playground_height(_ shape: Int32, _ x1: Double, _ x2: Double) -> Double {
  Landscape<Double>(Landscape<Double>.Shape(rawValue: Int(shape)) ?? .bowl).height(x1, x2)
}
