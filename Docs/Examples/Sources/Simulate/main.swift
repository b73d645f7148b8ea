import Straggler

// A hundred workers, the slowest ten times slower than the first, with heavy-tailed delays on top.
let workers = (1...100).map { Worker(tau: Double($0).squareRoot(), delay: .lognormal(mu: 0, sigma: 2)) }

let rennala = Rennala { ($0.batch, $0.gamma) = (20, 0.5) }

let run = try Experiment(Quadratic<Double>(dimension: 1_000), workers: workers, method: rennala, seed: 1)
  .start()
let reason = run.run(until: Stop(updates: 2_000), or: [.init(.gradnorm2, .below, 1e-3)])

let state = run.statistics
print("\(reason) after \(state.point.iteration) updates and \(state.point.time) simulated seconds")
print("f(x) − f* = \(state.point.gap), \(state.discarded) of \(state.point.arrivals) gradients were stale")
