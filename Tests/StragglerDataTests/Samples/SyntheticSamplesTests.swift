// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

@Suite struct SyntheticSamplesTests {
  @Test func rowsHaveTheFeaturesThatWereAskedFor() {
    let samples = SparseSamples.synthetic(count: 300, width: 20, features: 6, seed: 4)
    #expect(samples.count == 300 && samples.width == 20)
    for row in 0..<300 {
      let columns = samples.columns[samples.starts[row]..<samples.starts[row + 1]]
      #expect(columns.count == 6 && zip(columns, columns.dropFirst()).allSatisfy { $0 < $1 })
    }
    #expect(samples.labels.allSatisfy { $0 == 1 || $0 == -1 })
    // Every feature is equally likely: binomial with n = 300, p = 0.3.
    for column in 0..<20 {
      let count = Double(samples.columns.count { $0 == UInt32(column) })
      #expect(abs(count - 90) < 5 * (300 * 0.3 * 0.7).squareRoot())
    }
    let mean = samples.values.reduce(0, +) / 1_800
    #expect(abs(mean) < 5 / 1_800.0.squareRoot())
    #expect(samples == SparseSamples.synthetic(count: 300, width: 20, features: 6, seed: 4))
    #expect(samples != SparseSamples.synthetic(count: 300, width: 20, features: 6, seed: 5))
  }

  @Test func sizesOutOfRangeAreBroughtIntoIt() {
    let samples = SparseSamples.synthetic(count: 0, width: -3, features: 9)
    #expect(samples.count == 1 && samples.width == 1 && samples.columns == [0])
  }
}
