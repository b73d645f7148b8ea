// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A problem, a fleet and a method, ready to run.
///
///     let experiment = Experiment(
///       Quadratic<Double>(dimension: 1_000),
///       workers: (1...100).map { Worker(tau: Double($0).squareRoot()) },
///       method: Rennala(), seed: 1)
///     let run = try experiment.start()
///     run.run(until: Stop(updates: 1_000))
///     print(run.statistics.point.gap)
public struct Experiment: Sendable {
  /// The objective and its data.
  public var problem: ProblemChoice
  /// The fleet, n workers in order; at least one.
  public var workers: [Worker]
  /// The optimizer with its parameters.
  public var method: MethodChoice
  /// The seed of everything random: durations, samples, x⁰ and the method's own choices.
  public var seed: UInt64
  /// ε, the accuracy for which the theory chooses parameters: ‖∇f‖² ≤ ε.
  public var epsilon: Double
  /// What is known, or assumed, of L, σ², Δ, R, L±² and f* instead of what the problem says; NaN where
  /// nothing is.
  public var assumed = Conditions()
  /// How often f and ‖∇f‖² are evaluated for the trace.
  public var interval: TraceInterval
  /// Seconds that looking for the update at which a condition holds may cost besides what the run itself
  /// does: of work as it is counted, not measured. Less makes the times of short runs coarser.
  public var allowance = 1.0
  /// Whether the run reports every event to `Run.onLog`, at the cost of some time.
  public var isLogging = false
  /// Seconds that a coordinate of a message takes, one number for each worker, on top of its `upload`; empty
  /// for none.
  public var uploadPerCoordinate: [Double] = []
  /// Seconds that a coordinate of the model takes to a worker, one number for each worker, on top of its
  /// `download`; empty for none.
  public var downloadPerCoordinate: [Double] = []
  /// How fast each worker works over time; empty where all work at speed 1. The workers' τ and η are then
  /// seconds of work.
  public var speeds: [WorkerSpeed] = []
  /// The links between the workers, for decentralised methods; other methods ignore it.
  public var topology: Topology?
  /// The owners of memory that the workers' delays refer to: each `RecordedDelay` and `MixedDelay` of them.
  /// The experiment and its runs keep them alive; without them it does not start.
  public var owners: [any DelayOwner] = []
  /// Called now and then during long searches through a large network; they end with `LabError.interrupted`
  /// where it returns true.
  public var interrupted: @Sendable () -> Bool = { false }

  /// An experiment with a problem and a method that were chosen by name, or wrapped as you like.
  public init(
    problem: ProblemChoice, workers: [Worker], method: MethodChoice, seed: UInt64 = 1, epsilon: Double = 1e-4,
    interval: TraceInterval = .adaptive, topology: Topology? = nil, owners: [any DelayOwner] = []
  ) {
    self.topology = topology
    self.owners = owners
    self.problem = problem
    self.workers = workers
    self.method = method
    self.seed = seed
    self.epsilon = epsilon
    self.interval = interval
  }

  /// An experiment with a problem and a method of given types, built in or your own.
  ///
  /// Methods and problems of your own module are specialised there and run as fast as the built-in ones.
  @inlinable
  public init(
    _ problem: some Problem, workers: [Worker], method: some Method, seed: UInt64 = 1, epsilon: Double = 1e-4,
    interval: TraceInterval = .adaptive, data: ProblemData = .none, topology: Topology? = nil,
    owners: [any DelayOwner] = []
  ) {
    self.init(
      problem: ProblemChoice(problem, data: data), workers: workers, method: MethodChoice(method), seed: seed,
      epsilon: epsilon, interval: interval, topology: topology, owners: owners)
  }

  /// Whether a run repeats one with real workers, where gradients are handed in: each is then computed by
  /// itself before it is added to anything, which differs in the last digits.
  @usableFromInline var addsWhole: Bool { owners.contains { ($0 as? RecordedDelay)?.isOfRealRun == true } }

  /// Throws where there are no workers, or where a value for each worker is not given for all of them.
  func checkWorkers() throws(LabError) {
    guard !workers.isEmpty else {
      throw LabError("there are no workers", remedy: "give at least one worker")
    }
    for (index, worker) in workers.enumerated()
    where !(worker.tau >= 0 && worker.upload >= 0 && worker.download >= 0 && worker.power >= 0) {
      throw LabError(
        "tau, upload, download or power of worker \(index) is out of range",
        remedy: "give numbers that are not negative")
    }
    try owners.checkDelays(of: workers)
    guard epsilon > 0, allowance >= 0 else {
      throw LabError(
        "epsilon or allowance of the experiment is out of range",
        remedy: "epsilon is positive, and allowance is not negative")
    }
    for (name, seconds) in [("uploads", uploadPerCoordinate), ("downloads", downloadPerCoordinate)] {
      guard seconds.allSatisfy({ $0 >= 0 }) else {
        throw LabError(
          "one of the \(name) per coordinate is out of range", remedy: "give numbers that are not negative")
      }
      guard seconds.isEmpty || seconds.count == workers.count else {
        throw LabError(
          "there are \(name) per coordinate for \(seconds.count) of \(workers.count) workers",
          remedy: "give one for each worker, or none")
      }
    }
    guard interval.isInRange else {
      throw LabError(
        "the interval of the trace is out of range",
        remedy: "give at least 1 update, or more than 0 seconds")
    }
    guard speeds.isEmpty || speeds.count == workers.count else {
      throw LabError(
        "there are speeds for \(speeds.count) of \(workers.count) workers",
        remedy: "give one for each worker, or none")
    }
  }

  /// The workers, with uploads and downloads that count the coordinates of a message.
  public func workers(sending dimension: Int) -> [Worker] {
    var workers = workers
    for (index, seconds) in uploadPerCoordinate.enumerated() {
      workers[index].slowUpload(perCoordinate: seconds, dimension: dimension)
    }
    for (index, seconds) in downloadPerCoordinate.enumerated() {
      workers[index].slowDownload(perCoordinate: seconds, dimension: dimension)
    }
    return workers
  }

  /// The fleet as the core has it; its messages do not count their coordinates yet.
  func fleetOfCore() throws(LabError) -> OwnedFleet { try OwnedFleet(workers, speeds) }

  /// The topology as the core has it.
  func network() throws(LabError) -> OwnedNetwork? {
    guard let topology else { return nil }
    guard topology.nodes == workers.count else {
      throw LabError(
        "the topology has \(topology.nodes) nodes, and there are \(workers.count) workers",
        remedy: "give a node for every worker")
    }
    return try OwnedNetwork(topology)
  }

  /// Takes all the memory of the run in one piece and gives the first orders.
  ///
  /// Throws where the configuration is invalid: no workers, a parameter that the theory has to know and does
  /// not, data or a network that the method does not support, more memory than is available. O(n + d), and
  /// what the problem's constants take: f* is searched for unless `findOptimum` has done so. Every call gives
  /// a new run.
  public func start() throws(LabError) -> Run { try method.start(self) }
}

/// A problem of any type with its keys bound and its data loaded.
public struct ProblemChoice: Sendable {
  /// The problem's name in the command language.
  public let name: String
  /// What its data took from which file, in a line for the user; nil where none was read.
  public let reading: String?
  /// Whether an evaluation has failed, so that nothing that a run of it comes to means anything. Called from
  /// any thread; false for problems of the library.
  public var hasFailed: @Sendable () -> Bool = { false }
  /// Whether its functions may only be called one after another, and so by one thread of a run.
  public var isSerial = false
  @usableFromInline let assembly: @Sendable (Experiment) -> ProblemAssembly

  /// The problem with the parameters that it has, on `data` where it needs any.
  @inlinable
  public init<P: Problem>(_ problem: P, data: ProblemData = .none) {
    self.init(name: "\(P.name)", reading: data.reading) { experiment in
      ProblemAssembly(
        problem, workers: experiment.workers.count, seed: experiment.seed, epsilon: experiment.epsilon,
        optimum: experiment.assumed.optimum, addsWhole: experiment.addsWhole, data: data)
    }
  }

  @usableFromInline
  init(
    name: String, reading: String?, assembly: @escaping @Sendable (Experiment) -> ProblemAssembly
  ) {
    self.name = name
    self.reading = reading
    self.assembly = assembly
  }
}
