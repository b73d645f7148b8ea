// SPDX-License-Identifier: Apache-2.0

import CMachine
import StragglerLab

/// Takes figures, judges them and prints them.
final class Benchmark {
  let options: BenchmarkOptions
  let machine: Machine
  private(set) var figures: [Figure] = []
  /// What is wrong, a sentence each.
  private(set) var complaints: [String] = []

  init(_ options: BenchmarkOptions, _ machine: Machine) {
    self.options = options
    self.machine = machine
  }

  func includes(_ group: String) -> Bool { options.groups.isEmpty || options.groups.contains(group) }

  /// Prints a figure and judges it: `results` and `rates` are sentences of `Judgement`, where it has any,
  /// about what was computed and how fast. Quick measurements are too short to tell anything by their time.
  func report(_ figure: Figure, results: [String?] = [], rates: [String?] = []) {
    figures.append(figure)
    print(options.isJSON ? figure.json.line : figure.text)
    for complaint in (options.isQuick ? results : results + rates).compactMap(\.self) {
      self.complaints.append("\(figure.table): \(figure.row), \(figure.column): \(complaint)")
    }
  }

  /// The time of some work.
  struct Timing {
    /// In seconds, of all measurements the middle one and the shortest.
    var median: Double
    var best: Double

    init(_ samples: [Double]) {
      let sorted = samples.sorted()
      (median, best) = (sorted[sorted.count / 2], sorted[0])
    }

    func scaled(by factor: Double) -> Timing { Timing([best * factor, median * factor, median * factor]) }
  }

  /// The processor's seconds that `body`, which does its work `times` times over, takes once. Each
  /// measurement is long enough for the clock.
  func secondsPerCall(_ body: (_ times: Int) -> Void) -> Timing {
    var times = 1
    while processorTime({ body(times) }) < options.seconds / 2, times < 1 << 40 { times *= 2 }
    var samples: [Double] = []
    for _ in 0..<options.runs { samples.append(processorTime { body(times) } / Double(times)) }
    return Timing(samples)
  }
}

/// The processor's seconds that `body` takes on this thread: what other programs take does not count.
func processorTime(_ body: () -> Void) -> Double {
  let start = ProcessorClock.seconds
  body()
  return ProcessorClock.seconds - start
}

/// The seconds that `body` takes.
func measure<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Double {
  let start = ContinuousClock.now
  try body()
  return seconds(ContinuousClock.now - start)
}

func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// Why there are no figures.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
