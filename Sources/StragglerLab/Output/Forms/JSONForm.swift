// SPDX-License-Identifier: Apache-2.0

extension SavedForm {
  /// One array on one line.
  static let json = SavedForm(ending: ".json") { $0.json().line + "\n" }
}
