// SPDX-License-Identifier: Apache-2.0

import CProcess
import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program as the build made it.
enum Program {
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// The executable: beside the tests, or in the package's build folder.
  static func path() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    #if DEBUG
      let configuration = "debug"
    #else
      let configuration = "release"
    #endif
    let beside = [CommandLine.arguments.first ?? "", Bundle.main.executablePath ?? ""].map {
      URL(fileURLWithPath: $0).deletingLastPathComponent()
    }
    let folders = beside + [root.appendingPathComponent(".build/\(configuration)")]
    let candidates = folders.map { $0.appendingPathComponent("straggler").path }
    guard let path = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw Missing(description: "no straggler among \(candidates): build it first")
    }
    return path
  }
}

extension Program {
  /// The release build where there is one of these sources, as `scripts/test` makes it.
  static let release = built(".build/release/straggler")

  /// A build without optimization, where there is one of these sources, as `scripts/test` makes it.
  static let unoptimized = built(".build/plain/debug/straggler")

  /// The program at `path` in the package's folder, if it is newer than every source.
  private static func built(_ path: String) -> String? {
    let root = Example.root
    let program = root.appendingPathComponent(path)
    func changed(_ url: URL) -> Date? {
      (try? url.resourceValues(forKeys: [.contentModificationDateKey]))?.contentModificationDate
    }
    guard let built = changed(program.resolvingSymlinksInPath()) else { return nil }
    let sources = FileManager.default.enumerator(
      at: root.appendingPathComponent("Sources"), includingPropertiesForKeys: [.contentModificationDateKey])
    while let url = sources?.nextObject() as? URL {
      if let date = changed(url), date > built { return nil }
    }
    return program.path
  }
}

/// A process of the program. Where its input and output go is the caller's matter.
struct Spawned {
  let identifier: pid_t

  enum Failure: Error {
    case notStarted(String)
    case late(output: String)
  }

  /// What the child's descriptors 0, 1 and 2 are.
  enum Connection {
    /// Descriptors of this process.
    case pipes(Int32, Int32, Int32)
    /// A terminal, which becomes the controlling one of a new session.
    case terminal(path: String)
  }

  /// Starts `path` with exactly the environment given, and signals as a shell leaves them.
  init(
    _ path: String, _ arguments: [String], _ connection: Connection, environment: [String: String],
    folder: String?
  ) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    switch connection {
    case .pipes(let input, let output, let error):
      posix_spawn_file_actions_adddup2(&actions, input, 0)
      posix_spawn_file_actions_adddup2(&actions, output, 1)
      posix_spawn_file_actions_adddup2(&actions, error, 2)
    case .terminal(let path):
      posix_spawn_file_actions_addopen(&actions, 0, path, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    }
    if let folder { _ = support_start_in(&actions, folder) }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for signal in [SIGINT, SIGPIPE, SIGQUIT] { sigaddset(&signals, signal) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    // POSIX_SPAWN_SETSID: 0x80 in Glibc and Musl, 0x400 in Darwin.
    #if canImport(Darwin)
      let newSession = 0x400
    #else
      let newSession = 0x80
    #endif
    let flags = Int(POSIX_SPAWN_SETSIGDEF) | Int(POSIX_SPAWN_SETSIGMASK) | newSession
    posix_spawnattr_setflags(&attributes, Int16(flags))

    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (words + variables).forEach { free($0) } }
    var identifier: pid_t = 0
    let code = posix_spawn(&identifier, path, &actions, &attributes, words, variables)
    guard code == 0 else { throw Failure.notStarted(String(cString: strerror(code))) }
    self.identifier = identifier
  }

  func send(_ signal: Int32) { kill(identifier, signal) }

  /// Waits for the end: the exit status, or the negative number of the signal that ended it.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : -signal
  }
}

/// Waits until one of `descriptors` is ready for what `events` say; false where `deadline` passes first.
func waitFor(_ requests: inout [pollfd], until deadline: ContinuousClock.Instant) -> Bool {
  while true {
    let left = (deadline - .now).components
    let milliseconds = left.seconds * 1_000 + left.attoseconds / 1_000_000_000_000_000
    guard milliseconds > 0 else { return false }
    let count = poll(&requests, nfds_t(requests.count), Int32(clamping: milliseconds))
    if count > 0 { return true }
    if count < 0 && errno != EINTR { return false }
  }
}
