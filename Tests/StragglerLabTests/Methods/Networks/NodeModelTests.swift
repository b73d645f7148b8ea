import StragglerCore
import StragglerLab
import Testing

/// Methods with a model for every node, against slow programs of a few lines.
@Suite struct NodeModelTests {
  private let dimension = 6

  /// The gradient of node i's objective, exact: the difference that a step of its own makes.
  private func gradients(_ nodes: Int) throws -> (Int, [Double]) -> [Double] {
    // Without heterogeneity all nodes have the same.
    { _, x in MethodLab.gradient(x) }
  }

  private func add(_ x: [Double], _ weight: Double, _ y: [Double]) -> [Double] {
    zip(x, y).map { $0 + weight * $1 }
  }

  private func mean(_ models: [[Double]]) -> [Double] {
    models.reduce([Double](repeating: 0, count: dimension)) { add($0, 1 / Double(models.count), $1) }
  }

  /// RelaySGD by its definition, on the line 0 – 1 – … – n−1, with g_i = ∇f + i so that nodes differ.
  private func relay(_ n: Int, gamma: Double, steps: Int) -> (mean: [Double], counts: [Int]) {
    let start = MethodLab.start(dimension)
    var x = Array(repeating: start, count: n)
    let zero = [Double](repeating: 0, count: dimension)
    // To the right and to the left of every node.
    var right = Array(repeating: (zero, 0), count: n)
    var left = right
    for _ in 0..<steps {
      let half = x.map { add($0, -gamma, MethodLab.gradient($0)) }
      var (newRight, newLeft) = (right, left)
      for i in 0..<n {
        if i + 1 < n {
          let old = i > 0 ? right[i - 1] : (zero, 0)
          newRight[i] = (add(half[i], 1, old.0), 1 + old.1)
        }
        if i > 0 {
          let old = i + 1 < n ? left[i + 1] : (zero, 0)
          newLeft[i] = (add(half[i], 1, old.0), 1 + old.1)
        }
      }
      (right, left) = (newRight, newLeft)
      for i in 0..<n {
        var (sum, count) = (half[i], 0)
        if i > 0 { (sum, count) = (add(sum, 1, right[i - 1].0), count + right[i - 1].1) }
        if i + 1 < n { (sum, count) = (add(sum, 1, left[i + 1].0), count + left[i + 1].1) }
        x[i] = add(sum, Double(n - 1 - count), start).map { $0 / Double(n) }
      }
    }
    let counts = (0..<n).map { i in
      1 + (i > 0 ? right[i - 1].1 : 0) + (i + 1 < n ? left[i + 1].1 : 0)
    }
    return (mean(x), counts)
  }

  @Test(arguments: [1, 2, 3, 4, 7]) func relaySGDIsAsDefined(n: Int) throws {
    let method = MethodLab.make(RelaySGD.self) { $0.stepsize = 0.3 }
    let topology = try NetworkLab.topology(.line, n, seconds: 0.5)
    for steps in [1, 2, 3, 9, 30] {
      let found = try NetworkLab.run(
        method, MethodLab.workers((0..<n).map { 1 + Double($0) }), topology, dimension: dimension,
        until: Stop(steps: steps))
      let slow = relay(n, gamma: 0.3, steps: steps)
      expectClose(found.run.model, slow.mean, 1e-12)
      // The slowest node's gradient, then the slowest link.
      let last = try #require(found.updates.last)
      #expect(abs(last - Double(steps) * (Double(n) + (n > 1 ? 0.5 : 0))) < 1e-9)
      // After as many steps as the line is long everybody has heard of everybody.
      #expect(slow.counts.allSatisfy { steps < n - 1 || $0 == n })
    }
  }

  /// With two nodes each step averages exactly: both have the same model, to the last bit.
  @Test func relaySGDOnTwoNodesAverages() throws {
    let method = MethodLab.make(RelaySGD.self) { $0.stepsize = 0.3 }
    let topology = try NetworkLab.topology(.line, 2, seconds: 1)
    let found = try NetworkLab.run(
      method, MethodLab.workers([1, 1]), topology, noise: 0.2, heterogeneity: 1, until: Stop(steps: 25))
    #expect(found.run.statistics.consensus == 0)
    // Which is Minibatch SGD.
    let minibatch = MethodLab.make(Minibatch.self) { $0.stepsize = 0.3 }
    let expected = try NetworkLab.run(
      minibatch, MethodLab.workers([1, 1]), nil, noise: 0.2, heterogeneity: 1, until: Stop(steps: 25))
    expectClose(found.run.model, expected.run.model, 1e-12)
  }

  /// On one node all of them are SGD.
  @Test func alone() throws {
    let workers = MethodLab.workers([2])
    let topology = try NetworkLab.topology(.line, 1)
    let hero = MethodLab.make(Hero.self) { $0.stepsize = 0.3 }
    let expected = try NetworkLab.run(hero, workers, nil, noise: 0.1, until: Stop(steps: 20))
    let others: [any Method] = [
      MethodLab.make(RelaySGD.self) { $0.stepsize = 0.3 },
      MethodLab.make(GradientTracking.self) { $0.stepsize = 0.3 },
      MethodLab.make(DecentralizedAsynchronous.self) { $0.stepsize = 0.3 },
      MethodLab.make(DecentralizedMinibatch.self) { $0.stepsize = 0.3 },
    ]
    for method in others {
      let found = try NetworkLab.run(method, workers, topology, noise: 0.1, until: Stop(steps: 20))
      expectClose(found.run.model, expected.run.model, 1e-12)
      #expect(found.updates == expected.updates)
    }
  }

  /// x⁺ = W(x − γy), y⁺ = Wy + ∇F(x⁺) − ∇F(x), y⁰ = ∇F(x⁰), with Metropolis weights on a line.
  @Test(arguments: [2, 3, 6]) func gradientTrackingIsAsDefined(n: Int) throws {
    func mix(_ rows: [[Double]]) -> [[Double]] {
      (0..<n).map { i in
        var (sum, own) = ([Double](repeating: 0, count: dimension), 1.0)
        for j in [i - 1, i + 1] where j >= 0 && j < n {
          let degrees = [i, j].map { ($0 > 0 ? 1 : 0) + ($0 + 1 < n ? 1 : 0) }
          let weight = 1 / Double(1 + max(degrees[0], degrees[1]))
          sum = add(sum, weight, rows[j])
          own -= weight
        }
        return add(sum, own, rows[i])
      }
    }
    var x = Array(repeating: MethodLab.start(dimension), count: n)
    var g = x.map { MethodLab.gradient($0) }
    var y = g
    let method = MethodLab.make(GradientTracking.self) { $0.stepsize = 0.2 }
    let topology = try NetworkLab.topology(.line, n, seconds: 0.25)
    let run = try NetworkLab.start(
      method, MethodLab.workers(Array(repeating: 2, count: n)), topology, dimension: dimension)
    for step in 1...40 {
      x = mix(zip(x, y).map { add($0, -0.2, $1) })
      let next = x.map { MethodLab.gradient($0) }
      y = zip(mix(y), zip(next, g)).map { add(add($0, 1, $1.0), -1, $1.1) }
      g = next
      run.run(until: Stop(steps: step))
      expectClose(run.model, mean(x), 1e-11)
      #expect(abs(run.statistics.point.time - 2.25 * Double(step)) < 1e-9)
    }
  }

  /// The mean of the estimates is that of the gradients, so that the mean model makes exact gradient steps.
  @Test func gradientTrackingKeepsItsInvariant() throws {
    let n = 9
    let topology = try NetworkLab.topology(.grid(rows: 3), n, seconds: 0.1)
    let method = MethodLab.make(GradientTracking.self) { $0.stepsize = 0.1 }
    let found = try NetworkLab.run(
      method, MethodLab.workers(Array(repeating: 1, count: n)), topology, heterogeneity: 1, dimension: 8,
      until: Stop(steps: 6_000))
    #expect(found.run.statistics.point.gap < 1e-9)
    #expect(found.run.statistics.consensus < 1e-15)
  }

  @Test func asynchronousGossipComesToAgree() throws {
    let method = MethodLab.make(DecentralizedAsynchronous.self) { $0.stepsize = 0.5 }
    let workers = MethodLab.workers((1...16).map { Double($0).squareRoot() }, delay: .exponential(rate: 1))
    let topology = try NetworkLab.topology(.torus(rows: 4), 16, seconds: 0.3)
    let run = try NetworkLab.start(method, workers, topology, dimension: 5, logging: false)
    var consensus: [Double] = []
    for steps in [50, 500, 2_000, 8_000] {
      run.run(until: Stop(steps: steps))
      consensus.append(run.statistics.consensus)
    }
    for (before, after) in zip(consensus, consensus.dropFirst()) { #expect(after < before / 2) }
    #expect(run.statistics.point.gap < 1e-6)
    #expect(run.statistics.point.used == 8_000)
  }

  @Test func linksMustGoBothWays() throws {
    let oneWay = (0..<4).map { Link(from: $0, to: ($0 + 1) % 4, seconds: 1) }
    let topology = try Topology(oneWay, nodes: 4)
    let workers = MethodLab.workers([1, 1, 1, 1])
    for method in [RelaySGD.self, GradientTracking.self, DecentralizedAsynchronous.self] as [any Method.Type]
    {
      #expect(throws: LabError.self) { try start(method, workers, topology) }
    }
    // Trees need no way back on the same link.
    let fragile = MethodLab.make(Fragile.self) { ($0.stepsize, $0.batch) = (0.5, 4) }
    let found = try NetworkLab.run(fragile, workers, topology, until: Stop(steps: 5))
    #expect(found.run.statistics.point.iteration == 5)
  }

  private func start<M: Method>(_ type: M.Type, _ workers: [Worker], _ topology: Topology) throws {
    _ = try NetworkLab.start(M(), workers, topology)
  }
}
