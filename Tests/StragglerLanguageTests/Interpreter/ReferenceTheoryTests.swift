// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerCore
import StragglerLab
import Testing

@testable import StragglerLanguage

/// Every case of `theory.json`, where the language can say it through `theory`, by its kind.
@Suite struct ReferenceTheoryTests {
  /// Kinds that are checked elsewhere, and where.
  private static let elsewhere = ["decentralised": "the tests of networks"]

  private static let checks: [String: @Sendable (ReferenceTheory) throws -> Void] = [
    "fixed_model": fixedModel, "mindflayer_thm45": mindFlayer, "vecna_thmD2": vecna,
    "distribution": distribution, "clipping_n1": clipping, "clipping_n1_exact": exactClipping,
    "clipping_joint": jointClipping, "shadowheart_tstar": shadowheart, "freya_page": freya, "ras": allocation,
    "ata_conf": confidence, "accelerated": accelerated, "ringleader": ringleader, "stepsizes": stepsizes,
    "robbins_monro": robbinsMonro, "quadratic": quadratic, "trace": trace,
  ]

  @Test(
    .enabled(if: !ReferenceTheory.all.isEmpty, "the shared folder with reference/theory.json is absent"),
    arguments: ReferenceTheory.all)
  func agrees(_ reference: ReferenceTheory) throws {
    if Self.elsewhere[reference.kind] != nil { return }
    let check = try #require(Self.checks[reference.kind], "no check for the kind \(reference.kind)")
    try check(reference)
  }

  @Sendable private static func fixedModel(_ reference: ReferenceTheory) throws {
    let rows = try reference.theory(
      "problem quadratic dim=2; \(ReferenceTheory.fleet(["tau": reference.durations()])); "
        + reference.target(),
      "hero minibatch asgd asgd-naive msync rennala malenia ringmaster")
    try rows["hero"]?.expect([
      "table": "hero_table", "gamma": "hero_gamma", "iterations": "hero_K", "time": "hero_time",
    ])
    try rows["minibatch"]?.expect([
      "table": "minibatch_table", "gamma": "minibatch_gamma", "iterations": "minibatch_K",
      "time": "minibatch_time",
    ])
    try rows["asgd"]?.expect(["table": "asgd_table", "lower_bound": "rennala_table"])
    try rows["asgd-naive"]?.expect(["m": "m_star", "table": "rennala_table"])
    try rows["msync"]?.expect(["table": "msync_table_min", "m": "msync_m"])
    try rows["rennala"]?.expect([
      "table": "rennala_table", "time": "rennala_96", "batch": "rennala_S", "gamma": "rennala_gamma",
      "iterations": "rennala_K", "iteration_time": "rennala_iter_time_bound", "m_star": "rennala_iter_time_m",
    ])
    try rows["malenia"]?.expect(["table": "malenia_table", "S": "malenia_S"])
    try rows["ringmaster"]?.expect([
      "R": "ringmaster_R", "gamma": "ringmaster_gamma", "iterations": "ringmaster_K",
      "round_time": "ringmaster_tR", "time": "ringmaster_time_bound",
    ])
    #expect(rows.count == 8)
  }

  /// p is the probability that a trial takes no time at all.
  private static func fleetOfTrials(_ reference: ReferenceTheory) throws -> String {
    let delays = try reference.inputs("p").map { "infbernoulli(1-\($0))" }
    return ReferenceTheory.fleet(["tau": try reference.inputs("tau")], delays: delays)
  }

  @Sendable private static func mindFlayer(_ reference: ReferenceTheory) throws {
    let (tau, times) = (try reference.inputs("tau"), try reference.inputs("t"))
    let script =
      "problem quadratic dim=2; \(try fleetOfTrials(reference)); \(try reference.target()); "
      + "method mindflayer clip=\(ReferenceTheory.expression(times))"
    let row = try #require(try reference.theory(script, "mindflayer")["mindflayer"])
    try row.expect([
      "S": "S", "m_star": "m_star", "t_star": "t_m_star", "trials": "B", "B": "B_total", "gamma": "gamma",
      "iterations": "K", "time": "T", "iteration_time": "iter_time_worst", "time_trials": "T_lemmaI3",
    ])
    #expect(row.list("clip") == times)
    let order = tau.indices.sorted { tau[$0] + times[$0] < tau[$1] + times[$1] }
    #expect(order.map { $0 + 1 } == reference.outputs["order"] as? [Int])
    #expect(try abs(reference.outputs("t_m").reduce(.infinity, min) / row["t_star"] - 1) < 1e-12)
    let b = zip(tau, times).map { max(0, row["t_star"] / ($0 + $1) - 1) }
    for (b, expected) in zip(b, try reference.outputs("b")) { #expect(abs(b - expected) < 1e-9) }
  }

  @Sendable private static func vecna(_ reference: ReferenceTheory) throws {
    let (tau, times) = (try reference.inputs("tau"), try reference.inputs("t"))
    let script =
      "problem quadratic dim=2; \(try fleetOfTrials(reference)); \(try reference.target()); "
      + "method vecna clip=\(ReferenceTheory.expression(times))"
    let row = try #require(try reference.theory(script, "vecna")["vecna"])
    try row.expect([
      "T": "T", "trials": "B", "alpha": "alpha", "zeta": "zeta", "iterations": "K", "gamma": "gamma",
      "time": "T_288", "time_trials": "T_lemmaJ3",
    ])
    try reference.expect(zip(tau, times).map { row["T"] / ($0 + $1) }, "b")
  }

  private static func delay(_ reference: ReferenceTheory, tau: Double = 1) throws -> Delay {
    let session = Session("workers 1 tau=\(tau) delay=\(try reference.law())")
    try #require(session.outcome == .done, "\(session.error)")
    return session.interpreter.workspace.configuration.workers[0].delay
  }

  @Sendable private static func distribution(_ reference: ReferenceTheory) throws {
    let delay = try delay(reference)
    let functions: [(String, (Double) -> Double)] = [
      ("F", delay.cdf), ("quantile", delay.quantile), ("partial_mean_E[eta;eta<=t]", delay.partialMean),
    ]
    for (name, function) in functions {
      for (key, value) in reference.outputs[name] as? [String: Double] ?? [:] {
        let result = function(try #require(Double(key)))
        #expect(abs(result - value) <= 1e-9 * abs(value), "\(reference.id): \(name)(\(key)) is \(result)")
      }
    }
    try reference.expect(delay.median, "median")
    try reference.expect(delay.mean, "mean")
    if reference.outputs["skewness_s=mean-median"] != nil {
      try reference.expect(delay.mean - delay.median, "skewness_s=mean-median")
    }
  }

  @Sendable private static func clipping(_ reference: ReferenceTheory) throws {
    let tau = try reference.input("tau")
    let delay = try delay(reference, tau: tau)
    let best = ClippingTimes.single(tau: tau, delay: delay)
    try reference.expect(best.time, "t_star")
    try reference.expect(best.probability, "p_star")
    try reference.expect(best.cost, "value")
    try reference.expect((tau + delay.median) / delay.cdf(delay.median), "value_at_median")
    try reference.expect(tau + delay.mean, "rennala")
    let fleet = "problem quadratic dim=2; workers 1 tau=\(tau) delay=\(try reference.law()); "
    for key in reference.outputs.keys where key.hasPrefix("t(1)_S") {
      let S = try #require(Double(key.dropFirst(6)))
      let script = fleet + "target epsilon=1 sigma2=\(S) L=1 Delta=1; method mindflayer clip=optimal"
      let row = try #require(try reference.theory(script, "mindflayer")["mindflayer"])
      try reference.expect(row["t_star"], key)
      try reference.expect(row.list("clip")[0], "t_star_thm45_S" + key.dropFirst(6))
    }
  }

  @Sendable private static func exactClipping(_ reference: ReferenceTheory) throws {
    let tau = try reference.input("tau")
    let delay = try delay(reference, tau: tau)
    for key in reference.outputs.keys {
      guard let t = Double(key) else { continue }
      try reference.expect(ClippingTimes.exactCost(tau: tau, delay: delay, time: t), key)
    }
    let best = ClippingTimes.singleExact(tau: tau, delay: delay)
    try reference.expect(best.time, "t_star_exact")
    try reference.expect(best.cost, "value_star")
    try reference.expect(ClippingTimes.exactCost(tau: tau, delay: delay, time: .infinity), "rennala")
  }

  @Sendable private static func jointClipping(_ reference: ReferenceTheory) throws {
    let tau = try reference.inputs("tau")
    let delays = Array(repeating: try reference.law(), count: tau.count)
    let script =
      "problem quadratic dim=2; \(ReferenceTheory.fleet(["tau": tau], delays: delays)); "
      + "target epsilon=1 sigma2=\(try reference.input("S")) L=1 Delta=1; method mindflayer clip=optimal"
    let row = try #require(try reference.theory(script, "mindflayer")["mindflayer"])
    try reference.expect(row["t_star"], "T")
    let active = try #require(reference.outputs["active"] as? [Bool])
    for (name, key) in [("clip", "t"), ("p", "p")] {
      for (index, value) in try reference.outputs(key).enumerated() where active[index] {
        #expect(abs(row.list(name)[index] / value - 1) < 1e-9, "\(reference.id): \(key) of \(index + 1)")
      }
    }
    #expect(row.list("trials").map { $0 > 0 } == active)
  }
}
