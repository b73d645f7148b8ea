// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// The state of a run in numbers, under the names of the command language.
public struct Statistics: Sendable {
  /// The method's name in the command language.
  public var method = ""
  /// Where the run is: time, iteration, arrivals, and f there.
  public var point: TracePoint
  /// Jobs started.
  public var assigned = 0
  /// Gradients delivered and not used.
  public var discarded = 0
  /// Jobs stopped before their end, by the server or since their allotted time was over.
  public var cancelled = 0
  /// Stochastic gradients worth of worker time: delivered, clipped and cancelled.
  public var gradients = 0
  /// Messages that have come from workers.
  public var messages = 0
  /// Coordinates in these messages.
  public var coordinates = 0
  /// The mean delay δ of the used gradients, in updates; NaN if none was used.
  public var delayMean = Double.nan
  /// The largest delay δ of a used gradient, in updates.
  public var delayMax = 0
  /// The most jobs that ran at the same time.
  public var concurrencyMax = 0
  /// Mean fraction of the time that workers worked, from 0 to 1; NaN at time 0.
  public var busy = Double.nan
  /// Fraction of the busy time whose gradient was used, from 0 to 1; NaN where no worker worked.
  public var useful = Double.nan
  /// Σ power · seconds over all jobs, those that run included, in the unit of `Worker.power` times seconds.
  public var energy = 0.0
  /// (1/n) Σ ‖xᵢ − x̄‖², how far the nodes' models are from their mean; NaN where there is but one model.
  public var consensus = Double.nan
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
    [
      ("time", point.time), ("iteration", Double(point.iteration)), ("assigned", Double(assigned)),
      ("arrivals", Double(point.arrivals)), ("used", Double(point.used)), ("discarded", Double(discarded)),
      ("cancelled", Double(cancelled)), ("gradients", Double(gradients)),
      ("messages", Double(messages)), ("coordinates", Double(coordinates)), ("loss", point.loss),
      ("gap", point.gap),
      ("gradnorm2", point.gradnorm2), ("accuracy", point.accuracy), ("delay_mean", delayMean),
      ("delay_max", Double(delayMax)), ("concurrency_max", Double(concurrencyMax)), ("busy", busy),
      ("useful", useful), ("energy", energy), ("consensus", consensus), ("wall", wall),
      ("events_per_second", eventsPerSecond),
      ("memory", Double(memory)),
    ]
  }
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
    (assigned, discarded, cancelled) = (count("assigned"), count("discarded"), count("cancelled"))
    (gradients, messages, coordinates) = (count("gradients"), count("messages"), count("coordinates"))
    (delayMean, delayMax) = (value("delay_mean"), count("delay_max"))
    concurrencyMax = count("concurrency_max")
    (busy, useful, energy) = (value("busy"), value("useful"), value("energy"))
    (wall, eventsPerSecond, memory) = (value("wall"), value("events_per_second"), count("memory"))
    self.stopped = stopped
  }

  /// The names of the numeric keys.
  static let names = Statistics(method: "", stopped: nil) { _ in .nan }.numbers.map(\.name)
}
