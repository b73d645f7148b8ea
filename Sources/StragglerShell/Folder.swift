// SPDX-License-Identifier: Apache-2.0

import StragglerData

/// Folders, for the completion of file names.
enum Folder {
  /// The paths that begin with `text`, in order, folders with a `/` at the end. Hidden ones only if `text`
  /// asks for them.
  static func paths(beginningWith text: String) -> [String] {
    let cut = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
    let (folder, beginning) = (String(text[..<cut]), text[cut...])
    var found: [String] = []
    for name in Files.names(in: folder.isEmpty ? "." : folder) {
      guard name.hasPrefix(beginning), name != ".", name != "..",
        beginning.hasPrefix(".") || !name.hasPrefix(".")
      else { continue }
      found.append(folder + name + (Files.kind(folder + name) == .folder ? "/" : ""))
    }
    return found.sorted()
  }
}
