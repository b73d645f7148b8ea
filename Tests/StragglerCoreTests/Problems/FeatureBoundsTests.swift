// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct FeatureBoundsTests {
  private func bounds(_ rows: TestRows) throws -> FeatureBounds {
    let memory = TestMemory()
    let workspace = memory.table(
      [Double](repeating: .nan, count: FeatureBounds.workspaceCount(width: rows.width)))
    return FeatureBounds(try rows.view(memory), workspace: workspace)
  }

  @Test(arguments: 1...8) func boundsAreTightForFeaturesThatAreNotNegative(_ seed: Int) throws {
    let rows = TestRows(count: 40, width: 5 + seed, seed: UInt64(seed), nonnegative: true)
    let exact = rows.largestEigenvalue
    let bound = try bounds(rows).largestEigenvalue
    #expect(bound >= exact && bound <= 1.011 * exact)
  }

  @Test(arguments: 1...8) func boundsHoldForFeaturesOfBothSigns(_ seed: Int) throws {
    let rows = TestRows(count: 40, width: 5 + seed, seed: UInt64(seed))
    let exact = rows.largestEigenvalue
    let bound = try bounds(rows).largestEigenvalue
    #expect(bound >= exact && bound <= 1.2501 * exact)
  }

  @Test func blocksThatDoNotTouchAndFeaturesThatNeverOccur() throws {
    var rows = TestRows(count: 4, width: 5, seed: 1)
    rows.dense = [[3, 0, 0, 0, 0], [4, 0, 0, 0, 0], [0, 1e-9, 0, 0, 0], [0, 0, 0, 2, 2]]
    let bound = try bounds(rows).largestEigenvalue
    #expect(bound >= 25 && bound <= 25.3)
    rows.dense = rows.dense.map { $0.map { _ in 0 } }
    #expect(try bounds(rows).largestEigenvalue == 0)
  }

  @Test func normsAreThoseOfTheRows() throws {
    let rows = TestRows(count: 33, width: 9, seed: 3)
    let norms = rows.dense.map { $0.reduce(0) { $0 + $1 * $1 } }
    let found = try bounds(rows)
    #expect(abs(found.meanSquaredNorm - norms.reduce(0, +) / 33) < 1e-12)
    #expect(abs(found.largestSquaredNorm - (norms.max() ?? 0)) < 1e-12)
    let quartic = norms.reduce(0) { $0 + $1 * $1 }
    #expect(abs(found.quarticNormSum - quartic) < 1e-12 * quartic)
    let memory = TestMemory()
    let rough = FeatureBounds(try rows.view(memory))
    #expect(abs(rough.largestEigenvalue - norms.reduce(0, +)) < 1e-12)
  }
}
