// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import StragglerLanguage
import StragglerRuntime
import Testing

/// Every method of the library, with the keys that make it run in a server; and those that have none.
enum ServedMethods {
  private static let keys: [String: [String]] = [
    "mindflayer": ["trials=3 clip=1"], "vecna": ["trials=2 clip=1"], "mindflayer-mod": ["batch=4 clip=1"],
    "ata": ["batch=6"], "rennala": ["batch=4", "batch=3 stops=true", "batch=3 local=2"],
    "ringmaster": ["R=3", "R=2 stops=true", "R=3 local=3"],
    "local-sgd": ["budget=8", "local=3"], "async-local": ["local=2 R=6"], "async-batch": ["batch=2 R=6"],
    "cycle": ["group=2"], "aced": ["limit=6"], "fedasync": ["staleness=hinge(1,2)"],
    "rescaled": ["times=measured"], "malenia": ["batch=7"], "rennala-accelerated": ["batch=3"],
    "asgrad": ["order=pure waiting=2"], "asgd": ["", "active=2", "step=adam"],
    "minibatch": ["", "participants=2"],
    "fedbuff": ["waiting=3"], "asgd-naive": ["m=2"], "msync": ["m=2"], "rennala-mvr": ["batch=3 a=0.3"],
    "qsgd": ["k=3"],
    "shadowheart": ["k=3 ratio=5"],
  ]

  /// Methods without a server, and why, in a word of the error.
  static let refused = Set(
    Catalogue().methods.filter(\.needsNetwork).map(\.name) + [
      "rennala-mvr", "qsgd", "shadowheart", "scaffold", "proxskip", "freya-page", "freya-sgd", "hero-gd",
      "soviet-gd", "hero-page", "soviet-page", "synthesis",
    ])

  /// The methods as texts, each in all its forms.
  static let texts: [String] = Catalogue().methods.map(\.name).filter { !refused.contains($0) }
    .flatMap { name in
      (keys[name] ?? [""]).map { "\(name) gamma=0.05 \($0)" }
    }

  /// Those without a server.
  static let refusedTexts: [String] = refused.sorted().map { "\($0) gamma=0.05 \((keys[$0] ?? [""])[0])" }
}

/// ½‖x − c‖² with noise that depends on the sample, so that no two gradients are the same.
struct NoisyParaboloid: Problem {
  static var name: StaticText { "noisy-paraboloid" }
  static var summary: StaticText { "½‖x − c‖² + ⟨ξ, x⟩" }

  init() {}
  mutating func keys(_ keys: inout Keys) throws(SetupError) {}
  mutating func prepare(_ setup: inout ProblemSetup) throws(SetupError) {}
  var dimension: Int { 3 }
  var conditions: Conditions { Conditions() }
  mutating func start(_ x: inout MutableSpan<Double>, seed: UInt64) { Double.fill(&x, with: 0) }

  mutating func value(at x: Span<Double>) -> Double {
    var sum = 0.0
    for index in x.indices {
      let difference = x[index] - Double(index + 1)
      sum += difference * difference / 2
    }
    return sum
  }

  mutating func gradient(at x: Span<Double>, into g: inout MutableSpan<Double>) {
    for index in x.indices { g[index] = x[index] - Double(index + 1) }
  }

  mutating func accumulate(
    _ weight: Double, _ sample: Sample, at x: Span<Double>, into g: inout MutableSpan<Double>
  ) {
    for index in x.indices {
      g[index] += weight * Self.coordinate(index, x[index], worker: sample.worker, job: sample.job)
    }
  }

  static func coordinate(_ index: Int, _ x: Double, worker: Int, job: Int) -> Double {
    let hash = UInt64(job &* 8 &+ index) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(worker) &* 0xD1B5_4A32_D192_ED03
    return x - Double(index + 1) + Double((hash ^ hash >> 29) >> 40) * 0x1p-24 - 0.5
  }
}

/// What a real worker makes of an order.
struct Labour {
  let order: JobOrder
  let point: [Double]
  private(set) var steps = 0
  private var y: [Double]
  private(set) var sum: [Double]

  init(_ order: JobOrder, at point: [Double]) {
    (self.order, self.point, y) = (order, point, point)
    sum = point.map { _ in 0 }
  }

  /// Computes gradient number `job` at the point that the steps so far lead to.
  private mutating func step(_ job: Int, _ stepsize: Double?) {
    for index in sum.indices {
      sum[index] += NoisyParaboloid.coordinate(index, y[index], worker: order.worker, job: job)
    }
    if let stepsize { for index in y.indices { y[index] = point[index] - stepsize * sum[index] } }
    steps += 1
  }

  /// All that the order asks for; of open-ended work the steps that are not reported.
  mutating func work() {
    let first = order.number - order.gradients + 1
    switch order.task {
    case .gradient: step(order.number, nil)
    case .batch(let count): for index in 0..<count { step(first + index, nil) }
    case .local(let count, let stepsize): for index in 0..<count { step(first + index, stepsize) }
    case .openEnded(_, let made): for _ in 0..<made { openStep() }
    case .sum, .stop: break
    }
  }

  /// The sum of the first `steps` local steps from the point.
  func sum(of steps: Int) -> [Double] {
    var labour = Labour(order, at: point)
    for _ in 0..<steps { labour.openStep() }
    return labour.sum
  }

  /// The numbers of its gradients among the worker's; of open-ended work the first one.
  var numbers: ClosedRange<Int> { order.number - max(1, order.gradients) + 1...order.number }

  /// The number of the job's last gradient, or of the next one of open-ended work.
  var nextNumber: Int {
    isOpen ? numbers.lowerBound + steps : isFinished ? numbers.lowerBound + steps - 1 : order.number
  }

  /// Whether steps are made until a sum is asked for.
  var isOpen: Bool {
    guard !isFinished, case .openEnded = order.task else { return false }
    return true
  }
  private var isFinished = false

  /// The sum is asked for.
  mutating func finish() { isFinished = true }

  /// The next step of open-ended work.
  mutating func openStep() {
    step(order.number - order.gradients + 1 + steps, order.stepsize)
  }
}

/// Expects `delivery` to be `expected`. A macro would evaluate a call that changes a server in a closure.
func check(_ delivery: Delivery, _ expected: Delivery, at place: SourceLocation = #_sourceLocation) {
  #expect(delivery == expected, sourceLocation: place)
}

/// `value`, which must be there.
func present<Value>(_ value: Value?, at place: SourceLocation = #_sourceLocation) throws -> Value {
  try #require(value, sourceLocation: place)
}
