// SPDX-License-Identifier: Apache-2.0

/// A pivot already chosen, so that set-up, which runs twice, chooses it once.
struct PivotChoice: BitwiseCopyable, Sendable {
  /// 0 for none.
  var kind = 0
  var ratio = 0.0
  var coordinates = 0
  var pivot = 0
}
