// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@testable import StragglerLanguage

extension ReferenceTheoryTests {
  /// d and k with d/k = 1 + ω.
  private static func compression(_ omega: Double) throws -> (dimension: Int, coordinates: Int) {
    let k = try #require(
      (1...10_000).first { abs(((1 + omega) * Double($0)).rounded() - (1 + omega) * Double($0)) < 1e-9 })
    return (Int(((1 + omega) * Double(k)).rounded()), k)
  }

  @Sendable static func shadowheart(_ reference: ReferenceTheory) throws {
    let (h, tau) = (try reference.inputs("h"), try reference.inputs("tau"))
    let (omega, ratio) = (try reference.input("omega"), try reference.input("sigma2_over_eps"))
    let (dimension, k) = try compression(omega)
    let script =
      "problem quadratic dim=\(dimension); \(ReferenceTheory.fleet(["tau": h, "upload": tau])); "
      + "target epsilon=1 sigma2=\(ratio) L=1 Delta=1; method shadowheart k=\(k)"
    let row = try #require(try reference.theory(script, "shadowheart")["shadowheart"])
    try row.expect([
      "t_star": "t_star", "j_star": "j_star", "m": "m", "b": "b", "w": "w",
      "iterations": "K_per_LDelta_over_eps", "time": "T_per_LDelta_over_eps",
    ])
    let sum = zip(row.list("w"), zip(row.list("m"), row.list("b"))).map { $0 * $1.0 * $1.1 }.reduce(0, +)
    try reference.expect(sum, "sum_w_m_b")
    var (computation, message, order) = (h, tau, [Int32](repeating: 0, count: h.count))
    try computation.withUnsafeMutableBufferPointer { computation in
      try message.withUnsafeMutableBufferPointer { message in
        try order.withUnsafeMutableBufferPointer { order in
          let time = ShadowheartTime(
            computation: Table(base: computation.baseAddress, count: h.count),
            message: Table(base: message.baseAddress, count: h.count),
            order: Table(base: order.baseAddress, count: h.count), omega: omega, ratio: ratio)
          try reference.expect((1...h.count).map { time.balance(of: $0) }, "s_star")
        }
      }
    }
  }

  @Sendable static func freya(_ reference: ReferenceTheory) throws {
    let (m, tau) = (Int(try reference.input("m")), try reference.durations())
    let script =
      "problem quadratic dim=2 samples=\(m); \(ReferenceTheory.fleet(["tau": tau])); "
      + "\(try reference.target()); "
      + "method freya-page batch=\(Int(try reference.input("S"))) p=\(try reference.input("p"))"
    let rows = try reference.theory(script, "freya-page hero-gd soviet-gd hero-page soviet-page")
    try rows["freya-page"]?.expect([
      "gamma": "gamma", "iterations": "K", "full_time": "t_full", "batch_time": "t_batch",
      "coupon_time": "t_full_coupon", "table": "T_table", "time": "T_mem_const", "lower_bound": "lower_bound",
    ])
    for name in ["hero-gd", "soviet-gd", "hero-page", "soviet-page"] {
      try rows[name]?.expect(["table": name.replacing("-", with: "_")])
    }
    #expect(rows.count == 5)
    var times = tau.sorted()
    try times.withUnsafeMutableBufferPointer { times in
      let table = Table(base: times.baseAddress, count: times.count)
      try reference.expect(Double(Theory.batchTime(table, amount: Double(m)).workers), "j_full")
      let batch = Theory.batchTime(table, amount: try reference.input("S"))
      try reference.expect(Double(batch.workers), "j_batch")
    }
  }

  @Sendable static func allocation(_ reference: ReferenceTheory) throws {
    let (mu, B) = (try reference.inputs("mu"), try reference.input("B"))
    let script =
      "problem quadratic dim=2; \(ReferenceTheory.fleet(["tau": mu])); "
      + "target epsilon=1 sigma2=1 L=1 Delta=1; method ata rule=optimal batch=\(B)"
    let row = try #require(try reference.theory(script, "ata")["ata"])
    try reference.expect(row["iteration_time"], "value")
    #expect(row.list("tasks").reduce(0, +) == B)
    let value = try reference.output("value")
    for (tasks, mu) in zip(row.list("tasks"), mu) { #expect(tasks * mu <= value * (1 + 1e-12)) }
  }

  @Sendable static func confidence(_ reference: ReferenceTheory) throws {
    let (k, count) = (Int(try reference.input("k")), Int(try reference.input("K_i")))
    let (alpha, eta) = (try reference.input("alpha"), try reference.input("eta"))
    let mean = try reference.input("mu_hat")
    func bound(_ scale: Double, relative: Bool = false) -> ConfidenceBound {
      var bound = ConfidenceBound(scale: scale, isRelative: relative)
      bound.enter(round: k)
      return bound
    }
    let width = bound(1).width(count)
    try reference.expect(width, "bracket")
    try reference.expect(2 * alpha * width, "conf_poster_2alpha")
    try reference.expect(4 * M_E * alpha * width, "conf_code_4e_alpha")
    try reference.expect(bound(2 * alpha).score(mean: mean, count: count), "lcb_poster")
    // The file's η is 1.
    #expect(eta == 1)
    try reference.expect(
      bound(2 * eta, relative: true).score(mean: mean, count: count), "lcb_empirical_poster_eta1")
    // The released code does not stop at 0; ours does.
    try reference.expect(mean * (1 - 8 * M_E * width), "lcb_empirical_code")
    let code = bound(8 * M_E, relative: true).score(mean: mean, count: count)
    #expect(try abs(code - max(0, reference.output("lcb_empirical_code"))) < 1e-9)
  }

  @Sendable static func accelerated(_ reference: ReferenceTheory) throws {
    let script = "problem quadratic dim=2; workers 1; \(try reference.target())"
    let row = try reference.theory(script, "rennala-accelerated")["rennala-accelerated"]
    try row?.expect(["batch": "S", "iterations": "K", "gamma": "gamma"])
    #expect(row != nil)
  }

  @Sendable static func ringleader(_ reference: ReferenceTheory) throws {
    let tau = try reference.inputs("tau")
    let script = "problem quadratic dim=2; \(ReferenceTheory.fleet(["tau": tau])); \(try reference.target())"
    let row = try reference.theory(script, "ringleader")["ringleader"]
    try row?.expect([
      "B": "B_lower", "gamma": "gamma", "iterations": "K", "round_time": "time_per_n_updates_bound",
      "table": "table", "delay_max": "delay_bound",
    ])
    #expect(row != nil)
  }

  @Sendable static func stepsizes(_ reference: ReferenceTheory) throws {
    let delays = try reference.inputs("delays").map { Int($0) }
    let (gamma, n) = (try reference.input("gamma"), Int(try reference.input("n")))
    try reference.expect(
      delays.map {
        DelayRule.mishchenko.stepsize(gamma, delay: $0, concurrency: n, smoothness: 1) ?? .nan
      }, "mishchenko")
    let (bound, alpha) = (try reference.input("piag_gamma_prime"), try reference.input("piag_alpha"))
    for (rule, key) in [(AggregationRule.adaptive1, "piag_adaptive1"), (.adaptive2, "piag_adaptive2")] {
      var steps: [Double] = []
      for (k, delay) in delays.enumerated() {
        let delay = min(delay, k)
        let spent = steps[(k - delay)...].reduce(0, +)
        steps.append(rule.stepsize(bound, delay: delay, spent: spent, alpha: alpha))
      }
      for (step, expected) in zip(steps, try reference.outputs(key)) {
        #expect(abs(step - expected) < 1e-9, "\(key)")
      }
    }
  }

  @Sendable static func robbinsMonro(_ reference: ReferenceTheory) throws {
    var time = try reference.input("t1")
    let (a, p) = (try reference.input("a"), try reference.input("p"))
    let times = try reference.inputs("T_obs").enumerated().map { index, observed in
      time = Theory.robbinsMonro(
        time, step: a / Double(index + 1), hasSucceeded: observed <= time, probability: p)
      return time
    }
    try reference.expect(times, "t")
  }

  @Sendable static func quadratic(_ reference: ReferenceTheory) throws {
    guard let d = reference.inputs["d"] as? Int else {
      // Zero-last noise at x⁰: the coordinate beyond the last non-zero one is lost, or multiplied by 1/p.
      let p = try reference.input("p")
      let session = Session("problem quadratic dim=1000; workers 1; method hero gamma=1; seed 1")
      let run = try session.interpreter.workspace.experiment(method: "hero").start()
      let start = run.model
      run.run(until: Stop(updates: 1))
      let gradient = (start[1] - run.model[1]) * 1
      // The model's noise is added to it.
      let value = gradient * gradient * (1 - p) / p
      try reference.expect(value, "bound_at_x0_d1000", 1e-3)
      try reference.expect(1000.0 / 16 * (1 - p) / p, "bound_at_x0_d1000")
      return
    }
    let session = Session(
      "problem quadratic dim=\(d); workers 1; method hero gamma=1; stats", json: true)
    let row = try #require(session.objects.last)
    try reference.expect(try #require(row["loss"] as? Double), "f_x0")
    try reference.expect(try #require(row["gap"] as? Double), "Delta")
    try reference.expect(try #require(row["gradnorm2"] as? Double), "grad_norm2_x0")
    let experiment = try session.interpreter.workspace.experiment(method: "hero")
    let conditions = try experiment.situation().conditions
    try reference.expect(conditions.smoothness, "L")
    try reference.expect(conditions.gap, "Delta")
    try reference.expect(conditions.optimum, "f_star")
    try reference.expect(conditions.variance, "sigma2_add_noise_0003")
    try reference.expect(0.5 * (1 - cos(Double.pi / Double(d + 1))), "mu")
    let zero = Session(
      "problem quadratic dim=\(d) x0=zeros; workers 1; method hero gamma=1; stats", json: true)
    try reference.expect(try #require(zero.objects.last?["gradnorm2"] as? Double), "grad_norm2_zero")
    try reference.expect(-Double(d) / Double(d + 1), "x_star_first")
    try reference.expect(-1 / Double(d + 1), "x_star_last")
  }

  /// Who delivers when, in the log of a run.
  @Sendable static func trace(_ reference: ReferenceTheory) throws {
    let words = reference.id.split(separator: "_").dropFirst().map(String.init)
    var keys: [String] = []
    for key in ["R", "S"] {
      if let value = reference.inputs[key] as? Int {
        keys.append("\(words[0] == "rennala" ? "batch" : key)=\(value)")
      }
    }
    if reference.inputs["stops"] as? Bool == true || reference.inputs["interrupt"] as? Bool == true
      || words[0] == "malenia"
    {
      keys.append("stops=true")
    }
    if reference.inputs["variant"] as? String == "code" { keys.append("refresh=true") }
    let script =
      "problem quadratic dim=2; \(ReferenceTheory.fleet(["tau": try reference.inputs("tau")])); "
      + "method \(words[0]) gamma=0.01 " + keys.joined(separator: " ")
    let session = Session(script)
    try #require(session.outcome == .done, "\(session.error)")
    var experiment = try session.interpreter.workspace.experiment(method: words[0])
    experiment.isLogging = true
    let run = try experiment.start()
    var log: [LogEntry] = []
    run.onLog = { log.append($0) }
    func isClose(_ a: Double, _ b: Any) -> Bool { (b as? Double).map { abs(a - $0) <= 1e-9 * $0 } ?? false }
    if let events = reference.outputs["events"] as? [[Any]] {
      run.run(until: Stop(arrivals: events.count))
      let ends = log.filter { $0.kind == .use || $0.kind == .discard }
      #expect(ends.count == events.count)
      for (entry, event) in zip(ends, events) {
        #expect(isClose(entry.time, event[0]))
        #expect(entry.worker + 1 == event[1] as? Int)
        #expect(Int(entry.delay) == event[2] as? Int)
        #expect((entry.kind == .use) == event[3] as? Bool)
      }
      return
    }
    let updates = try #require(reference.outputs["updates"] as? [[Any]])
    run.run(until: Stop(updates: updates.count))
    let isPerWorker = updates[0].count == 2
    // In methods with batches, what is used at version k makes update k.
    let workers = try reference.inputs("tau").count
    var used = updates.map { _ in [Int](repeating: 0, count: workers) }
    for entry in log where entry.kind == .use && isPerWorker { used[entry.version][entry.worker] += 1 }
    var index = 0
    for entry in log where entry.kind == .update {
      #expect(isClose(entry.time, updates[index][0]), "\(reference.id)")
      if isPerWorker {
        #expect(used[index] == updates[index][1] as? [Int], "\(reference.id)")
      } else {
        #expect(entry.worker + 1 == updates[index][1] as? Int, "\(reference.id)")
      }
      index += 1
    }
    #expect(index == updates.count)
  }
}
