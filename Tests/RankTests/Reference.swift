// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLanguage
import StragglerRuntime

/// The model of the method `text` after `updates` updates with one worker, whose events are `pace` seconds
/// apart: a server driven by a loop. Nil where the worker's work is open-ended.
func reference(_ text: String, updates: Int, pace: Double) throws -> [Double]? {
  let origin = Paraboloid.origin
  var server = try AnyServer(text, model: origin.span, workers: 1)
  if server.hasOpenEndedWork { return nil }
  var labour: (order: JobOrder, sum: [Double])?
  var time = 0.0
  while server.iteration < updates {
    for index in 0..<server.orderCount {
      let order = server.order(index)
      labour = order.isCancellation ? nil : (order, sum(order, at: server.point(for: order)))
    }
    guard let (order, sum) = labour else { break }
    time += pace
    try server.receive(sum.span, ticket: order.ticket, at: time)
  }
  return server.model.indices.map { server.model[$0] }
}

/// The sum of the gradients that `order` asks for.
private func sum(_ order: JobOrder, at point: Span<Double>) -> [Double] {
  var y = point.indices.map { point[$0] }
  var sum = y.map { _ in 0.0 }
  for index in 1...order.gradients {
    var g = y.map { _ in 0.0 }
    var gradient = g.mutableSpan
    Paraboloid.add(worker: 0, job: order.number - order.gradients + index, at: y.span, to: &gradient)
    var total = sum.mutableSpan
    Double.add(1, g.span, to: &total)
    guard !order.stepsize.isNaN else { continue }
    var next = y.mutableSpan
    Double.add(-order.stepsize, g.span, to: &next)
  }
  return sum
}
