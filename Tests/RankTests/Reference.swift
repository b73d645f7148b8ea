// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLanguage
import StragglerRuntime

/// The model of the method `text` after `updates` updates with one worker, whose events are `pace` seconds
/// apart: a server driven by a loop.
func reference(_ text: String, updates: Int, pace: Double) throws -> [Double] {
  let origin = Paraboloid.origin
  var server = try AnyServer(text, model: origin.span, workers: 1)
  var labour: Labour?
  var time = 0.0
  while server.iteration < updates {
    for index in 0..<server.orderCount {
      let order = server.order(index)
      if order.isCancellation {
        labour = nil
      } else if case .sum(let steps) = order.task {
        labour?.finish(order, steps)
      } else {
        labour = Labour(order, at: server.point(for: order))
      }
    }
    guard labour != nil else { break }
    time += pace
    labour?.work()
    guard let work = labour else { break }
    if work.isOpenEnded {
      try server.completeStep(ticket: work.order.ticket, at: time)
    } else {
      try server.receive(work.sum.span, ticket: work.order.ticket, at: time)
    }
  }
  return server.model.indices.map { server.model[$0] }
}

/// What the worker makes of an order.
private struct Labour {
  private(set) var order: JobOrder
  private let base: Int
  private let stepsize: Double
  private let origin: [Double]
  private var y: [Double]
  private(set) var sum: [Double]
  private(set) var isOpenEnded = false

  init(_ order: JobOrder, at point: Span<Double>) {
    self.order = order
    (base, stepsize) = (order.number - order.gradients, order.stepsize)
    y = point.indices.map { point[$0] }
    origin = y
    sum = y.map { _ in 0 }
    if case .openEnded = order.task { isOpenEnded = true }
  }

  private mutating func step(_ number: Int) {
    let stepsize = stepsize
    var g = y.map { _ in 0.0 }
    var span = g.mutableSpan
    Paraboloid.add(worker: 0, job: number, at: y.span, to: &span)
    var total = sum.mutableSpan
    Double.add(1, g.span, to: &total)
    guard !stepsize.isNaN else { return }
    var next = y.mutableSpan
    Double.add(-stepsize, g.span, to: &next)
  }

  private var steps = 0
  private var isComplete = false

  /// All that the order asks for; of open-ended work one step.
  mutating func work() {
    if isOpenEnded {
      steps += 1
      step(base + steps)
    } else if !isComplete {
      for index in 1...order.gradients { step(base + index) }
    }
  }

  /// The sum of the first `count` steps is to be handed in, as `next` has it.
  mutating func finish(_ next: JobOrder, _ count: Int) {
    order = next
    (isOpenEnded, isComplete) = (false, true)
    (y, sum) = (origin, origin.map { _ in 0 })
    for index in 1...count { step(base + index) }
  }
}
