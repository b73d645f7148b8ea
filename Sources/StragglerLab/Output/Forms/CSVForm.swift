// SPDX-License-Identifier: Apache-2.0

extension SavedForm {
  /// A line for each row, behind a header; see `CSV`.
  static let csv = SavedForm(ending: ".csv") { result in
    let (header, rows) = result.columns()
    return header.isEmpty ? "" : CSV.document(header: header, rows: rows)
  }
}
