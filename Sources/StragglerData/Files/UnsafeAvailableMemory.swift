// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// How much memory the process can still get. An array that cannot grow ends the program, and Linux promises
/// more than it has and kills programs that use it: a size that comes from a file or a key is therefore
/// checked and refused.
package enum AvailableMemory {
  /// Smaller requests are not checked.
  private static let small = 1 << 20
  /// Smaller requests are checked against the address space only, not against the system's free memory.
  private static let medium = 1 << 28

  /// Whether `bytes` can be had; true where that is unknown.
  package static func has(_ bytes: Int) -> Bool {
    guard bytes > small else { return true }
    guard canMap(bytes) else { return false }
    return bytes <= medium || bytes <= min(ofMachine ?? .max, ofGroup(2) ?? .max, ofGroup(1) ?? .max)
  }

  /// Whether `count` things of `size` bytes can be had.
  package static func has(_ count: Int, times size: Int) -> Bool {
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    return !overflow && has(bytes)
  }

  /// Whether the limit of the process's address space leaves room, with a little for all else.
  private static func canMap(_ bytes: Int) -> Bool {
    let (length, overflow) = bytes.addingReportingOverflow(1 << 25)
    guard !overflow else { return false }
    let place = unsafe mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
    // The system reports no limit as −1.
    guard let place = unsafe place, Int(bitPattern: place) != -1 else { return false }
    _ = unsafe munmap(place, length)
    return true
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

extension Array {
  /// Makes room for `more` elements, twice what there is if need be; false, with nothing changed, where the
  /// machine does not have the memory. Amortised O(`more`).
  package mutating func makeRoom(for more: Int) -> Bool {
    let (wanted, overflow) = count.addingReportingOverflow(more)
    guard !overflow else { return false }
    guard wanted > capacity else { return true }
    let stride = MemoryLayout<Element>.stride
    for room in [Swift.max(wanted, 2 * capacity), wanted] where AvailableMemory.has(room, times: stride) {
      reserveCapacity(room)
      return true
    }
    return false
  }
}

extension Dictionary {
  /// Whether another key can be added; looks only where the dictionary would grow.
  package var hasRoom: Bool {
    let stride = MemoryLayout<Key>.stride + MemoryLayout<Value>.stride
    return count < capacity || AvailableMemory.has(2 * capacity + 1, times: 2 * stride)
  }
}

extension DataError {
  /// The error for data that do not fit into the machine's memory.
  package static let outOfMemory = DataError(
    "needs more memory than there is",
    remedy: "check that it is the file you mean, or read it on a larger machine")
}
