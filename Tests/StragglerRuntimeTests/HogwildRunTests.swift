// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerRuntime
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct HogwildRunTests {
  static let clock = ContinuousClock()

  @Test(arguments: [1, 2, 3, 8]) func noAdditionIsLost(_ workers: Int) throws {
    let zeros = [Double](repeating: 0, count: 5)
    let run = HogwildRun(model: zeros.span, workers: workers)
    let updates = 30_001
    let reason = try run.run(until: Stop(updates: updates), clock: Self.clock) { job, x in
      // Whole numbers, whose sums are exact in any order; all threads at the same coordinates.
      for index in 0..<5 { x.add(Double(job.number % 7 - index), at: index) }
    }
    #expect(reason == .updates && run.updates == updates)
    let sum = (1...updates).reduce(0) { $0 + $1 % 7 }
    #expect(run.model.values == (0..<5).map { Double(sum - $0 * updates) })
  }

  @Test func everyJobIsDoneOnce() throws {
    let zeros = [Double](repeating: 0, count: 1_000)
    let run = HogwildRun(model: zeros.span, workers: 4)
    for updates in [100, 333, 1_000] {
      _ = try run.run(until: Stop(updates: updates), clock: Self.clock) { job, x in
        x.add(1, at: job.number - 1)
      }
      #expect(run.updates == updates)
    }
    #expect(run.model.values == Array(repeating: 1, count: 1_000))
  }

  @Test func stepsAreThoseOfVectors() {
    let (x, g) = ([1.0, 2, 3, 4], [0.5, 0, -1, 2])
    let dense = SharedModel(x.span)
    dense.step(along: g.span, by: 0.5)
    #expect(dense.values == [0.75, 2, 3.5, 3])
    let sparse = SharedModel(x.span)
    let (values, columns) = ([0.5, 2.0, -1], [UInt32(0), 3, 2])
    sparse.step(along: values.span, at: columns.span, by: 0.5)
    #expect(sparse.values == dense.values)
    let product = sparse.dot(values.span, at: columns.span)
    #expect(product == 0.375 + 6 - 3.5)
    var copy = [Double](repeating: 0, count: 4)
    var span = copy.mutableSpan
    sparse.read(into: &span)
    #expect(copy == dense.values)
  }

  struct Broken: Error {}

  @Test func anErrorEndsTheRunWithItsWorker() throws {
    let zeros = [0.0]
    let run = HogwildRun(model: zeros.span, workers: 3)
    do {
      _ = try run.run(until: Stop(updates: 1 << 40), clock: Self.clock) { job, x in
        if job.number == 5_000 { throw Broken() }
        x.add(1, at: 0)
      }
      Issue.record("the error was lost")
    } catch let failure as WorkerFailure {
      #expect(failure.job == 5_000 && failure.error is Broken)
    }
    #expect(run.model[0] == Double(run.updates))
  }

  @Test func timeEndsIt() throws {
    let zeros = [0.0]
    let run = HogwildRun(model: zeros.span, workers: 2)
    let reason = try run.run(until: Stop(time: 0.02), clock: Self.clock) { _, x in x.add(1, at: 0) }
    #expect(reason == .time)
    #expect(run.updates > 0 && run.model[0] == Double(run.updates))
  }

  /// Sparse samples aⱼ of five features each, with labels of a plane.
  private struct Samples: Sendable {
    var columns: [[UInt32]] = []
    var values: [[Double]] = []
    var labels: [Double] = []
    let dimension = 200

    init(count: Int) {
      var stream = RandomStream(seed: 1, purpose: .data)
      let plane = (0..<dimension).map { _ in stream.uniform() - 0.5 }
      for _ in 0..<count {
        var chosen: Set<UInt32> = []
        while chosen.count < 5 { chosen.insert(UInt32(stream.integer(below: dimension))) }
        columns.append(chosen.sorted())
        values.append((0..<5).map { _ in stream.uniform() + 0.5 })
        let margin = zip(columns.last!, values.last!).reduce(0) { $0 + plane[Int($1.0)] * $1.1 }
        labels.append(margin > 0 ? 1 : -1)
      }
    }

    func loss(_ x: [Double]) -> Double {
      labels.indices.reduce(0) { sum, row in
        let margin = zip(columns[row], values[row]).reduce(0) { $0 + x[Int($1.0)] * $1.1 }
        return sum + Elementary.log(1 + Elementary.exp(-labels[row] * margin)) / Double(labels.count)
      }
    }

    /// A step of SGD on row `row`.
    func update(_ row: Int, _ x: SharedModel, by stepsize: Double) {
      let (label, values, columns) = (labels[row], values[row], columns[row])
      let margin = label * x.dot(values.span, at: columns.span)
      x.step(
        along: values.span, at: columns.span, by: -stepsize * label / (1 + Elementary.exp(margin)))
    }
  }

  @Test func learnsSparseLogisticRegression() throws {
    let samples = Samples(count: 1_000)
    let zeros = [Double](repeating: 0, count: samples.dimension)
    let losses = try [1, 4].map { workers in
      let run = HogwildRun(model: zeros.span, workers: workers)
      _ = try run.run(until: Stop(updates: 30_000), clock: Self.clock) { job, x in
        var stream = Sample(seed: 1, worker: 0, job: job.number).stream
        samples.update(stream.integer(below: 1_000), x, by: 0.2)
      }
      return samples.loss(run.model.values)
    }
    #expect(abs(samples.loss(zeros) - 0.6931) < 1e-3)
    // Four threads end where one does, except for the order of updates that hardly ever meet.
    #expect(losses[0] < 0.2)
    #expect(abs(losses[1] - losses[0]) < 0.02)
  }
}
