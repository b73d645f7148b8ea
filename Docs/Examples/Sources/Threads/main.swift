import Straggler

// Four threads minimise ‖x − (1, 2, 3)‖²/2; the last is ten times slower than the others.
let minimum = [1.0, 2, 3]

var method = Ringmaster()
method.gamma = 0.2
method.threshold = 3

let run = try ThreadedRun(method, model: [0, 0, 0].span, workers: 4, records: true)
let reason = try run.run(
  until: Stop(updates: 100, time: 10), clock: ContinuousClock(),
  delay: { job in job.worker == 3 ? 0.01 : 0.001 }
) { job, x, gradient in
  for index in x.indices { gradient[index] = x[index] - minimum[index] }
}
print("\(reason): x = \(run.model) after \(run.iteration) updates,")
print("\(run.counts.discarded) of \(run.counts.arrivals) gradients were too old")

// What happened, once more, in the simulator.
let record = run.log.durations(for: .replay)
let durations = try RecordedDelay(RecordedDurations.parse(Array(record.utf8)), order: .replay)
let workers = (0..<4).map { Worker(tau: 0, delay: durations.delay(of: $0)) }
let again = try Experiment(
  Quadratic<Double>(dimension: 3), workers: workers, method: method, owners: [durations]
).start()
again.run(until: Stop(arrivals: run.counts.arrivals))
print("simulated: \(again.statistics.discarded) of \(again.statistics.point.arrivals) were too old")

// And without a server: two threads share the model.
let shared = HogwildRun(model: [0, 0, 0].span, workers: 2)
_ = try shared.run(until: Stop(updates: 1_000), clock: ContinuousClock()) { _, x in
  for index in 0..<x.count { x.add(-0.1 * (x[index] - minimum[index]), at: index) }
}
print("HOGWILD!: x = \(shared.model.values)")
