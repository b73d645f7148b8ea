import Straggler

// No simulation: gradients come from somewhere else, here from ‖x − (1, 2, 3)‖²/2 and workers that take
// turns.
let minimum = [1.0, 2, 3]

var method = Ringmaster()
method.gamma = 0.2
method.threshold = 3

var server = try ParameterServer(method, model: [0, 0, 0].span, workers: 4)
/// What each worker does: the ticket and the point of its job.
var jobs: [(ticket: UInt64, point: [Double])?] = Array(repeating: nil, count: 4)

@MainActor func passOn() {
  for index in 0..<server.orderCount {
    let order = server.order(index)
    let point = server.point(for: order)
    jobs[order.worker] = order.task == .stop ? nil : (order.ticket, point.indices.map { point[$0] })
  }
}

passOn()
for turn in 0..<200 {
  // Worker 3 answers only every tenth turn.
  let worker = turn % 10 == 9 ? 3 : turn % 3
  guard let job = jobs[worker] else { continue }
  let gradient = zip(job.point, minimum).map { $0 - $1 }
  try server.receive(gradient.span, ticket: job.ticket, at: Double(turn))
  passOn()
}
print("x = \(server.model.indices.map { server.model[$0] }) after \(server.iteration) updates,")
print("\(server.counts.discarded) of \(server.counts.arrivals) gradients were too old")
