import Straggler

// No simulation: gradients come from somewhere else, here from ‖x − (1, 2, 3)‖²/2 and workers that take
// turns.
let minimum = [1.0, 2, 3]

var method = Ringmaster()
method.gamma = 0.2
method.threshold = 3

var server = try ParameterServer(method, model: [0, 0, 0].span, workers: 4)
/// Where each worker computes, nil for one that rests.
var points: [[Double]?] = Array(repeating: nil, count: 4)

@MainActor func passOn() {
  for index in 0..<server.orderCount {
    let order = server.order(index)
    if order.isCancellation {
      points[Int(order.worker)] = nil
    } else if !order.keepsPoint {
      let point = server.point(for: order)
      points[Int(order.worker)] = point.indices.map { point[$0] }
    }
  }
}

passOn()
for turn in 0..<200 {
  // Worker 3 answers only every tenth turn.
  let worker = turn % 10 == 9 ? 3 : turn % 3
  guard let point = points[worker] else { continue }
  let gradient = zip(point, minimum).map { $0 - $1 }
  try server.receive(gradient.span, from: worker, at: Double(turn))
  passOn()
}
print("x = \(server.model.indices.map { server.model[$0] }) after \(server.iteration) updates,")
print("\(server.counts.discarded) of \(server.counts.arrivals) gradients were too old")
