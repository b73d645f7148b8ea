// SPDX-License-Identifier: Apache-2.0

import StragglerData

/// The lines typed at the prompt, in this session and in earlier ones.
///
/// The file holds one line each. Every line is appended at once, after the lines that other sessions have
/// written meanwhile, so that nothing is lost when a terminal is closed. A file that cannot be written causes
/// a single warning.
final class History {
  /// How many lines a session begins with.
  private static let limit = 1_000

  private(set) var lines: [String] = []
  private let path: String?
  private let warn: (String) -> Void

  /// `path` is nil where no history is kept.
  init(path: String?, warn: @escaping (String) -> Void) {
    self.path = path
    self.warn = warn
    guard let path, Files.kind(path) == .file, let bytes = try? Files.read(path) else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    lines = text.split(separator: "\n").suffix(Self.limit).map { String($0) }
  }

  private var isWritable = true

  /// Keeps a line, unless it is blank or repeats the one before.
  func add(_ line: String) {
    guard line.contains(where: { !$0.isWhitespace }), line != lines.last else { return }
    lines.append(line)
    guard let path, isWritable else { return }
    do throws(System.Failure) { try append(line, to: path) } catch {
      isWritable = false
      warn("the history cannot be kept in \(path): \(error.description)")
    }
  }

  private func append(_ line: String, to path: String) throws(System.Failure) {
    let descriptor = try Self.open(path)
    defer { System.close(descriptor) }
    try System.write([UInt8]((line + "\n").utf8), to: descriptor)
  }

  private static func open(_ path: String) throws(System.Failure) -> Int32 {
    do throws(System.Failure) { return try System.openForAppending(path) } catch {
      guard error.isMissing else { throw error }
    }
    // The first time: the folders on the way are missing.
    for index in path.indices.dropFirst() where path[index] == "/" {
      try System.makeFolder(String(path[..<index]))
    }
    return try System.openForAppending(path)
  }

  /// Where the history is kept: `STRAGGLER_HISTORY`, which may be empty for nowhere, or else a file under
  /// `XDG_STATE_HOME` or `~/.local/state`.
  static func standardPath(_ environment: (String) -> String?) -> String? {
    if let path = environment("STRAGGLER_HISTORY") { return path.isEmpty ? nil : path }
    // A relative path must be ignored (XDG Base Directory Specification).
    if let folder = environment("XDG_STATE_HOME"), folder.hasPrefix("/") {
      return folder + "/straggler/history"
    }
    guard let home = environment("HOME"), !home.isEmpty else { return nil }
    return home + "/.local/state/straggler/history"
  }
}
