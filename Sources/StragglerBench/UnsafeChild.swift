// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A program at the other end of two pipes, `straggler` above all: what is measured here, as a user gets it.
final class Child {
  private let program: String
  private let identifier: pid_t
  private var input: Int32
  private let output: Int32
  private var isEnded = false
  /// Output that has not been taken yet.
  private var pending: [UInt8] = []

  /// The program beside this one.
  static func path() throws(BenchmarkError) -> String {
    let own = unsafe realpath("/proc/self/exe", nil) ?? realpath(CommandLine.arguments[0], nil)
    defer { unsafe free(own) }
    guard let own = unsafe own else { throw BenchmarkError("this program does not find itself") }
    let folder = unsafe String(cString: own).split(separator: "/", omittingEmptySubsequences: false)
      .dropLast()
    let path = folder.joined(separator: "/") + "/straggler"
    guard unsafe access(path, X_OK) == 0 else {
      throw BenchmarkError("there is no program \(path) to compare with; build the product straggler")
    }
    return path
  }

  /// Starts `straggler`; its errors go to this one's.
  convenience init(_ arguments: [String]) throws(BenchmarkError) {
    try self.init(program: Self.path(), arguments)
  }

  /// Starts the program at `path`.
  init(program path: String, _ arguments: [String]) throws(BenchmarkError) {
    program = path
    // A program that ends early must not end this one.
    signal(SIGPIPE, SIG_IGN)
    var (toChild, fromChild): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    guard unsafe pipe(&toChild) == 0, unsafe pipe(&fromChild) == 0 else {
      throw BenchmarkError("the system gives no pipes")
    }
    for end in [toChild[1], fromChild[0]] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    for end in [toChild[0], fromChild[1]] { unsafe posix_spawn_file_actions_addclose(&actions, end) }
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var child = pid_t()
    let code = unsafe posix_spawn(&child, path, &actions, nil, &words, environ)
    for end in [toChild[0], fromChild[1]] { _ = close(end) }
    (identifier, input, output) = (child, toChild[1], fromChild[0])
    guard code == 0 else {
      isEnded = true
      throw BenchmarkError("\(path) cannot be started")
    }
  }

  deinit {
    _ = end()
    _ = close(output)
  }

  /// The processor's seconds that the program takes from `line` to its answer; by the clock where the system
  /// does not say.
  func seconds(answering line: String) throws(BenchmarkError) -> (seconds: Double, answer: [UInt8]) {
    let (begin, start) = (ContinuousClock.now, ProcessorClock.seconds(of: identifier))
    send(line)
    let answer = try self.line()
    if let start, let end = ProcessorClock.seconds(of: identifier) { return (end - start, answer) }
    return (StragglerBench.seconds(ContinuousClock.now - begin), answer)
  }

  /// Has the program carry out a line of commands.
  func send(_ line: String) { send(Array((line + "\n").utf8)) }

  func send(_ bytes: [UInt8]) {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe write(input, buffer.baseAddress, buffer.count)
      }
      // An answer that does not come says the rest.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// The next report, a line without its end: answers that say no more than that a command was carried out
  /// are passed over.
  func line() throws(BenchmarkError) -> [UInt8] {
    while true {
      if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(pending[..<end])
        pending.removeFirst(end + 1)
        if !line.starts(with: Array("{\"ok\":".utf8)) { return line }
        continue
      }
      guard fill() else { throw BenchmarkError("\(program) has ended instead of answering") }
    }
  }

  /// Reads to the end of the output.
  func rest() -> [UInt8] {
    while fill() {}
    defer { pending = [] }
    return pending
  }

  private func fill() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe read(output, &buffer, buffer.count)
    if count > 0 { pending += buffer[..<count] }
    return count > 0
  }

  /// Ends the program's input.
  func closeInput() {
    guard input >= 0 else { return }
    _ = close(input)
    input = -1
  }

  /// Closes the input and waits for the end: its exit status, or −1.
  @discardableResult
  func end() -> Int32 {
    guard !isEnded else { return -1 }
    isEnded = true
    closeInput()
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0 { guard errno == EINTR else { return -1 } }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
  }
}
