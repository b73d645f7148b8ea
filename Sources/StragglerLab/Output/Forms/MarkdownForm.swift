// SPDX-License-Identifier: Apache-2.0

extension SavedForm {
  /// The table as Markdown, with its notes below; no traces.
  static let markdown = SavedForm(ending: ".md") { $0.table?.markdown(notes: $0.notes) }
}
