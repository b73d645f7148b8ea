// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

@Suite struct ProblemConstantTests {
  private static let all = (0..<10).compactMap(ProblemConstant.init(rawValue:))

  /// Every constant has a place of its own in `Conditions`, and a key that no other has.
  @Test func placesAndKeysDiffer() {
    #expect(Self.all.count == 10 && ProblemConstant(rawValue: 10) == nil)
    var conditions = Conditions()
    for constant in Self.all {
      #expect(conditions[constant].isNaN && !conditions.knows(constant))
      conditions[constant] = Double(constant.rawValue + 1)
    }
    for constant in Self.all {
      #expect(conditions[constant] == Double(constant.rawValue + 1) && conditions.knows(constant))
    }
    #expect(conditions.smoothness == 1 && conditions.variance == 2 && conditions.gap == 3)
    #expect(conditions.dissimilarity.constant == 10 && conditions.workerSmoothness.largest == 9)
    for constant in Self.all { #expect(Self.all.count { $0.key == constant.key } == 1) }
  }

  /// Smoothness of 0 is of no use to a theorem, a variance of 0 is; f* may be any number.
  @Test func whatIsKnown() {
    var conditions = Conditions()
    for constant in Self.all {
      conditions[constant] = 0
      #expect(conditions.knows(constant) == !constant.isPositive)
      conditions[constant] = -1
      #expect(conditions.knows(constant) == (constant == .optimum))
    }
  }

  @Test func missingConstantsAreNamed() {
    let conditions = Conditions()
    #expect(throws: SetupError.noTheory(key: "gamma", missing: .smoothness)) {
      try conditions.smoothness(for: "gamma")
    }
    #expect(throws: SetupError.noTheory(key: "batch", missing: .variance)) {
      try conditions.noiseRatio(for: "batch")
    }
  }
}
