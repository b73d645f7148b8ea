// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

/// A run whose gradients real workers compute, in real time.
///
///     let workers = try ThreadWorkers(experiment, clock: { seconds() })
///     let run = try experiment.start(with: workers, scale: 0.01)
///     run.run(until: Stop(updates: 1_000))
///     run.stop()
///     print(run.statistics.point.gap)
///
/// It is measured as a simulation is: at every update where conditions are given, on the thread that calls
/// `run`, while the workers go on.
public final class RealRun {
  /// What it has in common with a simulation.
  package let run: Run
  private let loop: RealLoop
  private let workers: any RealWorkers

  init(_ run: Run, _ loop: RealLoop, _ workers: any RealWorkers) {
    (self.run, self.loop, self.workers) = (run, loop, workers)
  }

  /// Runs until the first of the bounds of `stop`, or until one of `conditions` holds, and says which that
  /// was. May be called again until `stop()` has been, and then goes on.
  ///
  /// Times are simulated seconds. `interrupted` and `progress` are called at least every 25 ms, however slow
  /// the workers are, as long as an event and what is measured take less. A run that `.failed` says why by
  /// `failure`.
  @discardableResult
  public func run(
    until stop: Stop, or conditions: [Stop.Condition] = [], progress: (RealRun) -> Void = { _ in },
    interrupted: () -> Bool = { false }
  ) -> StopReason {
    run.run(
      until: stop, or: conditions, progress: { _ in progress(self) }, interrupted: interrupted,
      clock: { workers.now })
  }

  /// Why the run failed: the workers are lost, or the method has a mistake.
  public var failure: LabError? { loop.failure ?? run.failure }
  /// The state of the run now.
  public var statistics: Statistics { run.statistics }
  /// The points of the trace so far.
  public var trace: [TracePoint] { run.trace }
  /// x^k in doubles.
  public var model: [Double] { run.model }
  /// All jobs so far, those that run as unfinished.
  public var record: WorkRecord { loop.recordSoFar }

  /// Has `body` called with the entries of every event, in order, where `Experiment.isLogging` is set.
  public func observe(_ body: @escaping (LogEntry) -> Void) { run.onLog = body }

  /// Ends the workers.
  public func stop() { workers.stop() }
}

extension Experiment {
  /// A run in which `workers` compute, each of whose jobs takes at least `scale` real seconds for every
  /// simulated one that it takes in the fleet; 0 for no waiting.
  ///
  /// Throws what `start()` does, and where the method has no server or needs what real workers do not have:
  /// pairs of gradients, samples by their index, compressed messages, work that the server ends, speeds that
  /// change, or messages that take a time of their own.
  public func start(with workers: any RealWorkers, scale: Double = 1) throws(LabError) -> RealRun {
    guard scale >= 0, scale < .infinity else {
      throw LabError(
        "scale= of real time is out of range", remedy: "give real seconds a simulated one, 0 for no waiting",
        key: "scale")
    }
    guard workers.count == self.workers.count else {
      throw LabError(
        "there are \(workers.count) real workers, and the fleet has \(self.workers.count)",
        remedy: "give as many")
    }
    return try method.start(self, with: workers, scale: scale)
  }
}

extension MethodChoice {
  /// The server of this method, whose gradients `workers` compute.
  fileprivate func start(
    _ experiment: Experiment, with workers: any RealWorkers, scale: Double
  ) throws(LabError) -> RealRun {
    try experiment.checkWorkers()
    let fleet = try experiment.fleetOfCore()
    try checkServed(by: fleet, experiment)
    do throws(SetupError) {
      let problem = experiment.problem.assembly(experiment)
      let measured = try problem.prepare(.measuring())
      _ = try problem.findOptimum { _ in true }
      if !extras.isForced { try code.check(measured.conditions, experiment.workers.count) }
      let planned = measured.conditions.assuming(experiment.assumed)
      var plan = setup(fleet, planned, measured.arena)
      let points = try deployment(&plan, experiment).server.pointCapacity
      let needs = VectorNeeds(
        points: points, slots: plan.slots, compresses: false, averages: false,
        stepRule: extras.modifiers.step, maxNorm: extras.modifiers.maxNorm)
      let counted = try problem.serve(needs, plan.finish())
      guard let memory = OwnedArena(bytes: counted.arena.used) else { throw SetupError.outOfMemory }

      let prepared = try problem.prepare(memory.arena())
      let served = try problem.serve(needs, prepared.arena)
      let handIn = served.handIn
      guard let vectors = served.vectors else { throw SetupError.outOfMemory }
      var setup = setup(fleet, vectors.conditions.assuming(experiment.assumed), served.arena)
      let deployment = try deployment(&setup, experiment)
      let remarks = remarks(setup)
      let loop = RealLoop(
        deployment, vectors, handIn: handIn, workers: workers, fleet: fleet, seed: experiment.seed,
        scale: scale)
      let run = Run(
        method: name, engine: loop.engine(workers: experiment.workers.count, hasSchedule: hasSchedule),
        vectors: vectors, arena: memory,
        owners: [fleet, settings, owner, problem.data]
          + experiment.owners.map { $0 },
        // Looks are at every update: there is no going back.
        interval: experiment.interval, allowance: 1e9, averages: false, remarks: remarks)
      return RealRun(run, loop, workers)
    } catch {
      throw refusal(error)
    }
  }

  private var hasSchedule: Bool { extras.modifiers.stepsize != nil }

  private func setup(_ fleet: OwnedFleet, _ conditions: Conditions, _ arena: consuming Arena) -> Setup {
    var conditions = conditions
    // Samples by index are not handed in.
    conditions.sampleCount = 0
    var setup = Setup(fleet: fleet.fleet, conditions: conditions, arena: arena)
    setup.modifiers = extras.modifiers
    return setup
  }

  private func deployment(
    _ setup: inout Setup, _ experiment: Experiment
  ) throws(SetupError) -> Deployment<AnyMethod> {
    let deployment = try Deployment(
      any, setup: &setup, kinds: code.kinds, seed: experiment.seed, logging: experiment.isLogging)
    guard !deployment.hasOpenEndedWork else {
      throw .impossible(
        "local steps until the server stops them, by real workers", remedy: "take local= with a number")
    }
    return deployment
  }

  /// Throws where the method, or what is known of the workers, has no counterpart in real workers.
  private func checkServed(by fleet: OwnedFleet, _ experiment: Experiment) throws(LabError) {
    guard !code.needsNetwork else {
      throw LabError(
        "\(name) has no server that real workers could have: its nodes send each other messages",
        remedy: "take a method with a server, such as rennala or ringmaster")
    }
    guard !fleet.changes else {
      throw LabError(
        "speeds that change have no counterpart in real workers, which are as fast as they are",
        remedy: "take workers without speed= and available=")
    }
    let sending = experiment.workers(sending: 1).contains { $0.upload > 0 || $0.download > 0 }
    guard !sending else {
      throw LabError(
        "upload= and download= have no counterpart in real workers, whose messages take the time that they "
          + "take", remedy: "take workers without upload= and download=")
    }
  }
}

extension RealLoop {
  /// The loop as a run has it.
  fileprivate func engine(workers: Int, hasSchedule: Bool) -> Engine {
    Engine(
      workers: workers, gamma: hasSchedule ? .nan : gamma, state: { [self] in state },
      runningTotals: { [self] in runningTotals(at: $0) }, available: { _ in 1 }, timesOff: { _, _, _ in [] },
      restart: {}, mark: { {} }, goesBack: false,
      advance: { [self] limits, _, onLog in advance(limits, onLog) })
  }
}
