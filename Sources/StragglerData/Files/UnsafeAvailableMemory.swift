internal import StragglerData

/// How much memory the machine can still give. Linux promises more than it has, and ends programs that take its word
/// for it: a large run is better refused.
enum AvailableMemory {
  /// Requests of less are not worth a look.
  private static let small = 1 << 28

  /// Whether `bytes` can be had; true where nobody knows.
  static func has(_ bytes: Int) -> Bool {
    guard bytes > small else { return true }
    return bytes <= min(ofMachine ?? .max, ofGroup(2) ?? .max, ofGroup(1) ?? .max)
  }

  private static var ofMachine: Int? {
    guard let text = text("/proc/meminfo") else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }
    return nil
  }

  /// What is left of the limit of a container, by either version of control groups.
  private static func ofGroup(_ version: Int) -> Int? {
    let folder = "/sys/fs/cgroup/"
    let names =
      version == 2
      ? ("memory.max", "memory.current") : ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")
    guard let limit = number(folder + names.0), let used = number(folder + names.1) else { return nil }
    return max(0, limit - used)
  }

  private static func number(_ path: String) -> Int? {
    text(path)?.split(separator: "\n").first.flatMap { Int($0) }
  }

  private static func text(_ path: String) -> String? {
    (try? Files.read(path, limit: 1 << 16)).map { String(decoding: $0, as: UTF8.self) }
  }
}
