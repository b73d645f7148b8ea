/// The state of a run in numbers, under the names of the command language.
public struct Statistics: Sendable {
  public var method = ""
  public var point: TracePoint
  public var assigned = 0
  public var discarded = 0
  public var cancelled = 0
  public var gradients = 0
  /// Messages from workers, and the coordinates in them.
  public var messages = 0
  public var coordinates = 0
  public var delayMean = Double.nan
  public var delayMax = 0
  public var concurrencyMax = 0
  /// Mean fraction of the time that workers worked.
  public var busy = Double.nan
  /// Fraction of the busy time whose gradient was used.
  public var useful = Double.nan
  public var energy = 0.0
  /// (1/n) Σ ‖xᵢ − x̄‖² where every node has a model.
  public var consensus = Double.nan
  /// Real seconds inside `run`.
  public var wall = 0.0
  public var eventsPerSecond = Double.nan
  /// Bytes of the run's arena.
  public var memory = 0
  public var stopped: StopReason?

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
