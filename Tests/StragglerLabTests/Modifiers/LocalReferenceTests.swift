// SPDX-License-Identifier: Apache-2.0

import Testing

/// The cases of `local.json`.
@Suite struct LocalReferenceTests {
  private static let cases = ReferenceSchedule.cases(in: "spec/reference/local.json")

  @Test(
    .enabled(if: !cases.isEmpty, "the shared folder with reference/local.json is absent"),
    arguments: cases)
  func isReported(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
