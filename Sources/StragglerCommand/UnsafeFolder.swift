import StragglerData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Folders, for the completion of file names.
enum Folder {
  /// The paths that begin with `text`, in order, folders with a `/` at the end. Hidden ones only where asked for.
  static func paths(beginningWith text: String) -> [String] {
    let cut = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
    let (folder, beginning) = (String(text[..<cut]), text[cut...])
    var found: [String] = []
    for name in names(in: folder.isEmpty ? "." : folder) {
      guard name.hasPrefix(beginning), name != ".", name != "..",
        beginning.hasPrefix(".") || !name.hasPrefix(".")
      else { continue }
      found.append(folder + name + (Files.kind(folder + name) == .folder ? "/" : ""))
    }
    return found.sorted()
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe UnsafeRawPointer(pointer).withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      names.append(name)
    }
    return names
  }
}
