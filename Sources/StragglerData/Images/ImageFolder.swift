// SPDX-License-Identifier: Apache-2.0

/// What the readers of folders have in common.
enum ImageFolder {
  /// Throws unless there is a folder at `path`; `names` are those of the files that it should hold.
  static func check(_ path: String, holds names: String) throws(DataError) {
    try Files.check(path)
    switch Files.kind(path) {
    case .folder: return
    case .missing:
      throw DataError("there is no such folder", remedy: "name the folder that holds \(names)", path: path)
    case .file, .other:
      throw DataError("is a file, not a folder", remedy: "name the folder that holds \(names)", path: path)
    }
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
