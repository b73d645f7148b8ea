// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// The state of a run in numbers, under the names of the command language.
public struct Statistics: Sendable {
  /// The method's name in the command language.
  public var method = ""
  /// Where the run is, what it has taken to get there, and f there.
  public var point: TracePoint
  /// Jobs started.
  public var assigned = 0
  /// The largest delay δ of a used gradient, in updates.
  public var delayMax = 0
  /// The most jobs that ran at the same time.
  public var concurrencyMax = 0
  /// Fraction of the busy time whose gradient was used, from 0 to 1; NaN where no worker worked.
  public var useful = Double.nan
  /// Real seconds inside `Run.run(until:progress:interrupted:clock:)`; 0 without a clock, NaN for what a
  /// sweep measured without one.
  public var wall = 0.0
  /// Events in a real second; NaN without a clock.
  public var eventsPerSecond = Double.nan
  /// Bytes that the run took at its start: its arena, and the network if there is one.
  public var memory = 0
  /// Why the run stopped last; nil for one that has not.
  public var stopped: StopReason?
  /// Simulated seconds between the last look at which the condition that ended the run did not hold and its
  /// time; NaN where no condition ended it.
  public var timeResolution = Double.nan
  /// Whether that is more than 2 % of the updates, and more than one update.
  public var isCoarse = false
  /// How much of the data loss, gap, ‖∇f‖² and accuracy are of; nil where that is all.
  public var evaluated: EvaluatedSample?

  /// The numeric keys with their values, in the order in which they are shown.
  public var numbers: [(name: String, value: Double)] {
    func number(_ quantity: Quantity) -> (name: String, value: Double) {
      (quantity.rawValue, point[quantity])
    }
    return [number(.time), number(.iteration), ("assigned", Double(assigned))]
      + [.arrivals, .used, .discarded, .cancelled, .gradients, .messages, .coordinates].map(number)
      + [.loss, .gap, .gradnorm2, .accuracy, .delayMean].map(number)
      + [
        ("delay_max", Double(delayMax)), ("concurrency_max", Double(concurrencyMax)), number(.busy),
        ("useful", useful), number(.energy), number(.consensus), ("wall", wall),
        ("events_per_second", eventsPerSecond), ("memory", Double(memory)),
      ]
  }
}

// What stands in every point of a trace, too.
extension Statistics {
  /// Gradients delivered and not used.
  public var discarded: Int { point.discarded }
  /// Jobs stopped before their end, by the server or since their allotted time was over.
  public var cancelled: Int { point.cancelled ?? 0 }
  /// Stochastic gradients worth of worker time: delivered, clipped and cancelled.
  public var gradients: Int { point.gradients ?? 0 }
  /// Messages that have come from workers.
  public var messages: Int { point.messages ?? 0 }
  /// Coordinates in these messages.
  public var coordinates: Int { point.coordinates ?? 0 }
  /// The mean delay δ of the used gradients, in updates; NaN if none was used.
  public var delayMean: Double { point.delayMean }
  /// Mean fraction of the time that workers worked, from 0 to 1; NaN at time 0.
  public var busy: Double { point.busy }
  /// Σ power · seconds over all jobs, those that run included, in the unit of `Worker.power` times seconds.
  public var energy: Double { point.energy }
  /// (1/n) Σ ‖xᵢ − x̄‖², how far the nodes' models are from their mean; NaN where there is but one model.
  public var consensus: Double { point.consensus }
}

extension Statistics {
  /// The statistics whose numbers `value` knows by name; counts that it does not know are shown as 0.
  init(method: String, stopped: StopReason?, _ value: (String) -> Double) {
    func count(_ name: String) -> Int { Int(exactly: value(name)) ?? 0 }
    self.init(
      method: method,
      point: TracePoint(
        time: value("time"), iteration: count("iteration"), arrivals: count("arrivals"), used: count("used"),
        loss: value("loss"), gap: value("gap"), gradnorm2: value("gradnorm2"), accuracy: value("accuracy")))
    (point.cancelled, point.gradients) = (count("cancelled"), count("gradients"))
    (point.messages, point.coordinates) = (count("messages"), count("coordinates"))
    (point.energy, point.busy) = (value("energy"), value("busy"))
    (point.delayMean, point.consensus) = (value("delay_mean"), value("consensus"))
    assigned = count("assigned")
    (delayMax, concurrencyMax) = (count("delay_max"), count("concurrency_max"))
    useful = value("useful")
    (wall, eventsPerSecond, memory) = (value("wall"), value("events_per_second"), count("memory"))
    self.stopped = stopped
  }

  /// The names of the numeric keys.
  static let names = Statistics(method: "", stopped: nil) { _ in .nan }.numbers.map(\.name)
}
