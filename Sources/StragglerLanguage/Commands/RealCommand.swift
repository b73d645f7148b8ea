// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerLab

/// Runs the configuration with real workers until a condition holds.
struct RealCommand: Command {
  static let name = "real"
  static let usage = "real STOP… [threads=N] [scale=S] [replay=FILE] [durations=FILE]"
  static let summary = "the configured run with real workers, in real time"
  static let details = """
    Each worker is a thread that computes the stochastic gradients of the simulation, and hands each in when \
    scale · (tau + delay) real seconds have passed since its order, or later, when it is computed. The \
    conditions, the report and the trace are those of `run`, in simulated seconds; with scale=0 nobody \
    waits, and seconds are real ones. The run begins at iteration 0, and leaves the simulation of `run` \
    as it is: `plot` and `save` have the traces of both. With replay= the durations of all jobs go to a \
    file with which the simulator repeats the run event by event: the same `workers` with \
    delay=trace("FILE") and, after scale=0, tau=0; then `run`. Parameters that the theory derives from \
    the delays, such as clip=, have to be given for that. Refused is what real workers do not have: methods \
    without a server, pairs of gradients, samples by their index, compressed messages, upload=, download=, \
    speed= and available=.
    """

  private var until = StopArguments()
  private var threads: Given<Int>?
  private var scale: Given<Double>?
  private var replay: Given<String>?
  private var durations: Given<String>?

  mutating func arguments(_ arguments: inout Arguments) {
    until.arguments(&arguments)
    arguments.key(
      "threads", &threads, .integer(1...), "threads that compute; workers share them in turn",
      standard: "one a worker")
    arguments.key(
      "scale", &scale, .nonnegative, "real seconds that a simulated one takes; 0 for no waiting",
      standard: "1")
    arguments.key(
      "replay", &replay, .path, "a file for the durations of all jobs, with which `run` repeats this")
    arguments.key(
      "durations", &durations, .path, "a file for the durations of the jobs that were delivered, for fits")
  }

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let stop = try until.stop(for: Self.name, at: workspace.place)
    guard workspace.world.hasClock else { throw Diagnostic(.noClock, at: workspace.place) }
    let method = try workspace.chosenMethod(in: workspace.configuration)
    var experiment = try workspace.experiment(method: method)
    experiment.isLogging = workspace.current.log != nil
    if let threads, experiment.problem.isSerial, threads.value > 1 {
      throw Diagnostic(.serialProblem(experiment.problem.name), at: threads.place)
    }
    try workspace.findOptimum(of: experiment)
    let real = try start(experiment, workspace)
    defer { real.stop() }
    workspace.current.attachLog(to: real.run, names: workspace.configuration.names)
    for remark in real.run.remarks {
      workspace.diagnose(Diagnostic(.remark(remark, of: method), at: workspace.place, severity: .warning))
    }
    try workspace.check(until, of: real.run)
    let outcome = try workspace.advance(real, until: stop, or: until.conditions.map(\.value))
    let record = real.record
    if let replay { try workspace.write(record.replay, to: replay) }
    if let durations { try workspace.write(record.durations, to: durations) }
    return outcome
  }

  private func start(_ experiment: Experiment, _ workspace: Workspace) throws(Diagnostic) -> RealRun {
    do throws(LabError) {
      let workers = try ThreadWorkers(
        experiment, threads: threads?.value, clock: workspace.world.clock)
      return try experiment.start(with: workers, scale: scale?.value ?? 1)
    } catch {
      let place = error.key == "threads" ? threads?.place : error.key == "scale" ? scale?.place : nil
      if let place { throw Diagnostic(error.message, remedy: error.remedy, at: place) }
      throw Diagnostic(
        error, at: workspace.place,
        blaming: workspace.configuration.methods[experiment.method.name]?.arguments,
        workspace.configuration.problem?.arguments)
    }
  }
}
