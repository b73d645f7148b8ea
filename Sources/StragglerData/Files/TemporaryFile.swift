// SPDX-License-Identifier: Apache-2.0

/// A new file beside the one that it will replace.
///
/// The process that makes it keeps it locked while it is open, so that a file without a lock was left by a
/// killed process. Process ids, which are reused, and clocks would not be as reliable. On file systems
/// without locks such files remain.
struct TemporaryFile: ~Copyable {
  let path: String
  let descriptor: Descriptor

  private static let (prefix, suffix) = (".straggler-", ".tmp")

  /// Makes a file in `folder`, which is empty or ends with `/`.
  init(in folder: String) throws(SystemError) {
    var attempt = 0
    while true {
      let path = "\(folder)\(Self.prefix)\(POSIX.processIdentifier)-\(attempt)\(Self.suffix)"
      attempt += 1
      do throws(SystemError) {
        let descriptor = try Descriptor(opening: path, for: .creating)
        descriptor.lock(waits: true)
        // Before it was locked another process may have taken it for abandoned.
        if try descriptor.isAt(path) {
          self.path = path
          self.descriptor = descriptor
          return
        }
      } catch {
        guard error.isTaken else { throw error }
      }
      guard attempt < 1000 else { throw .taken }
    }
  }

  /// Removes the files in `folder` whose processes have ended.
  static func removeAbandoned(in folder: String) {
    for name in POSIX.names(in: folder.isEmpty ? "." : folder) where isTemporary(name) {
      let path = folder + name
      // As long as the lock is held here, no other process removes or renames the file.
      guard let descriptor = try? Descriptor(opening: path, for: .locking),
        (try? descriptor.status().kind) == .file,
        descriptor.lock(waits: false),
        (try? descriptor.isAt(path)) == true
      else { continue }
      POSIX.remove(path)
    }
  }

  private static func isTemporary(_ name: String) -> Bool {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let parts = name.dropFirst(prefix.count).dropLast(suffix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    return parts.count == 2
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
  }
}
