// SPDX-License-Identifier: Apache-2.0

import StragglerCore
@testable import StragglerLab
import Testing

@Suite struct BandTests {
  /// The definition, point by point.
  func value(of curve: Band.Curve, at place: Double) -> Double? {
    guard let index = curve.lastIndex(where: { $0.x <= place }) else { return nil }
    guard index + 1 < curve.count, place > curve[index].x else { return curve[index].y }
    let (a, b) = (curve[index], curve[index + 1])
    return a.y * Elementary.pow(b.y / a.y, (place - a.x) / (b.x - a.x))
  }

  @Test func interpolates() {
    let curves: [Band.Curve] = [[(0, 16), (4, 1)], [(1, 6), (3, 0)]]
    let merged = Band.merge(curves: curves, onto: [-1, 0, 1, 2, 3, 4, 10])
    #expect(
      merged == [
        .init(x: 0, y: 16, low: 16, high: 16), .init(x: 1, y: 7, low: 6, high: 8),
        .init(x: 2, y: 3.5, low: 3, high: 4), .init(x: 3, y: 1, low: 0, high: 2),
        .init(x: 4, y: 0.5, low: 0, high: 1), .init(x: 10, y: 0.5, low: 0, high: 1),
      ])
  }

  /// Seeds whose points are far apart: the mean of them is among them, wherever it is taken.
  @Test func aMeanIsAmongTheSeeds() {
    let decay = { (places: [Double]) -> Band.Curve in places.map { ($0, Elementary.exp(-$0)) } }
    let merged = Band.merge(
      curves: [decay([0, 10]), decay([0, 1, 2, 3, 4, 5, 6, 10]), decay([0, 4, 10])],
      onto: [0.5, 1, 3, 7, 9])
    for point in merged { #expect(abs(point.y - Elementary.exp(-point.x)) < 1e-12) }
  }

  @Test func agreesWithTheDefinition() {
    var state: UInt64 = 21
    func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53
    }
    let curves: [Band.Curve] = (0..<4).map { _ in
      var time = 0.0
      // Some places come twice.
      return (0..<100).map { _ in
        time += (uniform() * 4).rounded(.down)
        return (time, uniform())
      }
    }
    let merged = Band.merge(curves: curves)
    #expect(merged.count == Set(curves.flatMap { $0.map(\.x) }).count)
    for point in merged {
      let values = curves.compactMap { value(of: $0, at: point.x) }
      #expect(point.low == values.min() && point.high == values.max())
      #expect(abs(point.y - values.reduce(0, +) / Double(values.count)) < 1e-15)
    }
  }

  @Test func meanStaysInTheBand() {
    let curves: [Band.Curve] = Array(repeating: [(0, 0.1)], count: 3)
    #expect(Band.merge(curves: curves) == [.init(x: 0, y: 0.1)])
    let huge: [Band.Curve] = [[(0, 1.7e308)], [(0, 1.7e308)], [(0, -1.7e308)]]
    let mean = Band.merge(curves: huge)[0].y
    #expect(abs(mean / (1.7e308 / 3) - 1) < 1e-12)
  }

  @Test func notFiniteValues() {
    let point = Band.merge(curves: [[(0, .infinity)], [(0, 1)]])[0]
    #expect(point.y == .infinity && point.low == 1 && point.high == .infinity)
    let unknown = Band.merge(curves: [[(0, .nan)], [(0, 1)], [(0, 3)]])[0]
    // The curve breaks there, and has no band.
    #expect(unknown.y.isNaN && unknown.low.isNaN && unknown.high.isNaN)
    #expect(Band.merge(curves: [[(.nan, 1), (.infinity, 2)]]).isEmpty)
  }

  @Test func longGridsAreThinned() {
    let curve: Band.Curve = (1...100_000).map { (Double($0), 1 / Double($0)) }
    for isLogarithmic in [false, true] {
      let grid = Band.grid(of: [curve], isLogarithmic: isLogarithmic, limit: 400)
      #expect(grid.count <= 400 && grid.count > (isLogarithmic ? 250 : 390))
      #expect(grid.first == 1 && grid.last == 100_000)
      #expect(zip(grid, grid.dropFirst()).allSatisfy { $0 < $1 })
    }
    // Five decades share the places evenly, except for the first with its whole numbers.
    let grid = Band.grid(of: [curve], isLogarithmic: true, limit: 400)
    #expect(abs(grid.count { (1_000..<10_000).contains($0) } - 80) <= 2)
  }

  @Test func nothingToMerge() {
    #expect(Band.merge(curves: []).isEmpty)
    #expect(Band.merge(curves: [[], []]).isEmpty)
    #expect(Band.grid(of: [[(0, 1), (-1, 1)]], isLogarithmic: true).isEmpty)
    #expect(Band.grid(of: [[(0, 1), (1, 1), (2, 2)]], limit: -3).count == 2)
  }

  @Test func summariesAreWhatTheySay() throws {
    let curves: [Band.Curve] = [4.0, 1, 10, 2].map { [(0, $0)] }
    func point(_ summary: SeedSummary) throws -> Plot.Point {
      try #require(Band.merge(curves: curves, onto: [0], summary).first)
    }
    #expect(try point(SeedSummary()) == .init(x: 0, y: 4.25, low: 1, high: 10))
    #expect(try point(.init(center: .median)) == .init(x: 0, y: 3, low: 1, high: 10))
    #expect(try point(.init(band: .none)) == .init(x: 0, y: 4.25))
    // Σ(v − 4.25)² = 48.75.
    let std = (48.75 / 3).squareRoot()
    let deviation = try point(.init(band: .std))
    #expect(abs(deviation.high - 4.25 - std) < 1e-12 && abs(4.25 - deviation.low - std) < 1e-12)
    let error = try point(.init(band: .sem))
    #expect(abs(error.high - 4.25 - std / 2) < 1e-12)
    // In order 1, 2, 4, 10; a quarter of the way is 0.75 steps.
    for share in [0.25, 0.75] {
      #expect(
        try point(.init(center: .median, band: .quantile(share))) == .init(x: 0, y: 3, low: 1.75, high: 5.5))
    }
    let broken = Band.merge(curves: [[(0, 1)], [(0, .nan)]], onto: [0], .init(band: .std))
    #expect(broken.count == 1 && broken[0].y.isNaN)
    let endless = Band.merge(
      curves: [[(0, 1)], [(0, .infinity)], [(0, 3)]], onto: [0], .init(center: .median))
    #expect(endless[0].y == 3)
  }
}
