// SPDX-License-Identifier: Apache-2.0

import Testing

/// The cases of `local.json`.
@Suite struct LocalReferenceTests {
  private static let cases = ReferenceSchedule.cases(in: "spec/reference/local.json")

  /// Words of scripts whose methods or keys are not there yet.
  private static let missing = [
    "method fedasync", "method rescaled", "method aced", "method rennala-mvr",
  ]

  @Test(
    .enabled(if: !cases.isEmpty, "the shared folder with reference/local.json is absent"),
    arguments: cases.filter { test in !missing.contains { test.script.contains($0) } })
  func isReported(_ reference: ReferenceSchedule) throws { try reference.expectReported() }
}
