// SPDX-License-Identifier: Apache-2.0

import Testing

import StragglerData

@Suite struct AvailableMemoryTests {
  @Test func littleIsThereAndTheAddressSpaceIsNot() {
    #expect(AvailableMemory.has(0) && AvailableMemory.has(1 << 20))
    #if os(Linux)
      #expect(!AvailableMemory.has(1 << 50) && !AvailableMemory.has(.max))
    #endif
  }
}
