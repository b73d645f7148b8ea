// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerLanguage

/// Runs of the decentralised methods against the numbers of another simulator: a few slow lines for each
/// method that follow the papers' procedures, with the order of simultaneous events of Docs/Networks.md.
@Suite struct DecentralizedTraceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let network: String
    let method: String
    let expected: [String: Double]

    init(_ network: String, _ method: String, _ expected: [String: Double]) {
      (self.network, self.method, self.expected) = (network, method, expected)
    }

    var testDescription: String { method }
  }

  static let cases = [
    Case(
      "workers 7 tau=sqrt(i); topology line link=0.3 link_per_coordinate=0",
      "fragile batch=9 pivot=3 gamma=0.25; run steps=20",
      [
        "time": 83.99999999999987, "assigned": 398, "arrivals": 258, "used": 180, "cancelled": 133,
        "messages": 499, "coordinates": 2495, "busy": 0.9933673469387769, "gradnorm2": 0.0223860547766679,
      ]),
    Case(
      "workers 9 tau=1; topology grid rows=3 link=1 link_per_coordinate=0",
      "fragile batch=12 pivot=5 gamma=0.25; run steps=20",
      [
        "time": 80.0, "assigned": 712, "arrivals": 552, "used": 240, "cancelled": 152,
        "messages": 637, "coordinates": 3185, "busy": 0.9833333333333333, "gradnorm2": 0.022386054776667896,
      ]),
    Case(
      "workers 8 tau=i; topology ring link=0.1*i+0.03*j link_per_coordinate=0.05",
      "fragile batch=6 pivot=2 gamma=0.25; run steps=20",
      [
        "time": 83.0, "assigned": 318, "arrivals": 158, "used": 120, "cancelled": 152,
        "messages": 260, "coordinates": 1300, "busy": 0.9840662650602382, "gradnorm2": 0.0223860547766679,
      ]),
    Case(
      "workers 7 tau=1+i/4; topology tree branching=2 link=0.25 link_per_coordinate=0.1",
      "fragile-accelerated batch=5 pivot=1 gamma=0.25; run steps=15",
      [
        "time": 56.25, "assigned": 250, "arrivals": 160, "used": 75, "cancelled": 84,
        "messages": 207, "coordinates": 1035, "busy": 0.9809523809523809, "gradnorm2": 0.0016268292469816842,
      ]),
    Case(
      "workers 6 tau=sqrt(i); topology star center=4 link=0.2*abs(i-j) link_per_coordinate=0.05",
      "amelie batch=15 pivot=4 gamma=0.25; run steps=12",
      [
        "time": 90.0, "assigned": 369, "arrivals": 297, "used": 228, "cancelled": 66,
        "messages": 377, "coordinates": 877, "busy": 0.9943518518518517, "gradnorm2": 0.07609188551169907,
      ]),
    Case(
      "workers 8 tau=1; topology torus rows=2 link=0 link_per_coordinate=0.25",
      "amelie batch=20 pivot=1 gamma=0.25; run steps=12",
      [
        "time": 126.0, "assigned": 1040, "arrivals": 944, "used": 480, "cancelled": 88,
        "messages": 663, "coordinates": 1347, "busy": 0.9851190476190477, "gradnorm2": 0.07609188551169907,
      ]),
    Case(
      "workers 5 tau=i/2; topology line link=0.4 link_per_coordinate=0.2",
      "amelie-accelerated batch=11 pivot=5 gamma=0.25; run steps=8",
      [
        "time": 136.8, "assigned": 628, "arrivals": 588, "used": 312, "cancelled": 35,
        "messages": 459, "coordinates": 719, "busy": 0.9795321637426906, "gradnorm2": 0.014683020553605907,
      ]),
    Case(
      "workers 6 tau=sqrt(i); topology ring link=0.7 link_per_coordinate=0.01",
      "minibatch-decentralized gamma=0.25; run steps=9",
      [
        "time": 58.5, "assigned": 54, "arrivals": 54, "used": 54, "cancelled": 0,
        "messages": 92, "coordinates": 460, "busy": 0.27773902795448546, "gradnorm2": 0.14335166441646263,
      ]),
    Case(
      "workers 7 tau=sqrt(i); topology tree branching=2 link=0.5 link_per_coordinate=0.1",
      "relaysgd gamma=0.25; run steps=9",
      [
        "time": 32.81176179958131, "assigned": 63, "arrivals": 63, "used": 63, "cancelled": 0,
        "messages": 108, "coordinates": 540, "busy": 0.5281127165509881, "gradnorm2": 0.5470588487716108,
      ]),
    Case(
      "workers 6 tau=sqrt(i); topology grid rows=2 link=0.5 link_per_coordinate=0.1",
      "gradient-tracking gamma=0.25; run steps=9",
      [
        "time": 31.045407685048605, "assigned": 54, "arrivals": 54, "used": 54, "cancelled": 0,
        "messages": 252, "coordinates": 1260, "busy": 0.5233538338477763, "gradnorm2": 0.14335166441646255,
      ]),
    Case(
      "workers 2 tau=i/3; topology line link=0.5 link_per_coordinate=0.1",
      "asgd-decentralized gamma=0.25; run steps=30",
      [
        "time": 6.666666666666667, "assigned": 31, "arrivals": 30, "used": 30, "cancelled": 0,
        "messages": 22, "coordinates": 110, "busy": 0.9999999999999999, "gradnorm2": 0.046147877559351604,
      ]),
  ]

  @Test(arguments: cases) func agreesWithASlowSimulation(_ given: Case) throws {
    let session = Session(
      "problem quadratic dim=5 noise=0; \(given.network); method \(given.method)", json: true)
    #expect(session.error == "", "\(session.error)")
    let run = try #require(session.objects.last)
    for (key, value) in given.expected {
      let found = try #require(run[key] as? Double, "\(key)")
      #expect(abs(found - value) <= 1e-9 * max(1, value), "\(key): \(found) and not \(value)")
    }
  }
}
