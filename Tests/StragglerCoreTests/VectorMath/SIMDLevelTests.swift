// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import Testing

extension Kernels {
  @Suite struct Levels {
    @Test func selectionIsCappedByTheMachine() {
      defer { SIMDLevel.select(.highest) }
      for level in [SIMDLevel.baseline, .avx2, .avx512] {
        #expect(SIMDLevel.select(level) == min(level, .highest))
        #expect(SIMDLevel.current == min(level, .highest))
        #expect(level.isAvailable == (level <= .highest))
      }
    }

    @Test func names() {
      #expect(SIMDLevel.baseline.name == "baseline")
      #expect(SIMDLevel.avx512.name == "avx512")
    }
  }
}
