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

/// What came of a run of the program.
struct RunResult {
  /// The exit status, or the negative number of the signal that ended the program.
  let status: Int32
  let output: String
  let errors: String
}

/// Runs the program to its end with `input` as its standard input.
///
/// The environment is empty except for what is given. Ends the program and throws if it takes longer than
/// `seconds`.
func run(
  _ arguments: [String], input: String = "", environment: [String: String] = [:], folder: String? = nil,
  seconds: Double = 60
) throws -> RunResult {
  try run(arguments, input: Array(input.utf8), environment: environment, folder: folder, seconds: seconds)
}

func run(
  _ arguments: [String], input: [UInt8], environment: [String: String] = [:], folder: String? = nil,
  seconds: Double = 60
) throws -> RunResult {
  let process = try PipedProcess(arguments, environment: environment, folder: folder)
  return try process.finish(input: input, seconds: seconds)
}

/// Runs a command of the shell to its end; its `$0` is the program.
func run(shell command: String, environment: [String: String] = [:]) throws -> RunResult {
  let process = try PipedProcess(
    program: "/bin/sh", ["-c", command, try Program.path()], environment: environment)
  return try process.finish()
}

/// The program at the other end of three pipes.
final class PipedProcess {
  let spawned: Spawned
  private var input: Int32
  private var output: Int32
  private let errors: Int32
  private var text: [Int32: [UInt8]] = [:]

  init(
    program: String? = nil, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil
  ) throws {
    // A program that ends early must not end the tests.
    signal(SIGPIPE, SIG_IGN)
    let (input, output, errors) = (try Self.pipe(), try Self.pipe(), try Self.pipe())
    defer { [input.read, output.write, errors.write].forEach { _ = close($0) } }
    spawned = try Spawned(
      try program ?? Program.path(), arguments, .pipes(input.read, output.write, errors.write),
      environment: environment,
      folder: folder)
    (self.input, self.output, self.errors) = (input.write, output.read, errors.read)
  }

  deinit { [input, output, errors].filter { $0 >= 0 }.forEach { _ = close($0) } }

  /// Not inherited by other children that start meanwhile, which would keep it open.
  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    guard support_pipe(&ends) == 0 else { throw Spawned.Failure.notStarted(String(cString: strerror(errno))) }
    return (ends[0], ends[1])
  }

  /// Writes a short text to standard input.
  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(input, bytes, bytes.count)
  }

  /// Waits until standard output holds `wanted`.
  func expect(_ wanted: String, seconds: Double = 60) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !String(decoding: text[output] ?? [], as: UTF8.self).contains(wanted) {
      guard try take(output, until: deadline) else { throw Spawned.Failure.late(output: "end of the output") }
    }
  }

  /// Stops reading the program's output, as `head` does.
  func closeOutput() {
    close(output)
    output = -1
  }

  /// Reads to the end, with standard input left open.
  func finishWithoutClosing() throws -> RunResult { try finish(keepsInput: true) }

  /// Closes standard input behind `input`, and reads to the end.
  func finish(
    input bytes: [UInt8] = [], keepsInput: Bool = false, seconds: Double = 60
  ) throws -> RunResult {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var rest = bytes[...]
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    var open = Set([output, errors].filter { $0 >= 0 })
    while !open.isEmpty {
      if rest.isEmpty && !keepsInput { closeInput() }
      var requests = open.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      if input >= 0 && !rest.isEmpty {
        requests.append(pollfd(fd: input, events: Int16(POLLOUT), revents: 0))
      }
      guard waitFor(&requests, until: deadline) else { throw giveUp() }
      for request in requests where request.revents != 0 {
        if request.fd != input {
          if try !take(request.fd, until: deadline) { open.remove(request.fd) }
        } else {
          let count = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
          if count > 0 { rest = rest.dropFirst(count) } else if errno != EAGAIN { rest = [] }
        }
      }
    }
    closeInput()
    return RunResult(
      status: spawned.wait(), output: String(decoding: text[output] ?? [], as: UTF8.self),
      errors: Self.withoutProgress(String(decoding: text[errors] ?? [], as: UTF8.self)))
  }

  /// Whether work takes longer than ten seconds is the machine's matter.
  private static func withoutProgress(_ errors: String) -> String {
    errors.replacing(/(?m)^straggler: progress: .*\n/, with: "")
  }

  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Reads what there is of a descriptor; false at its end.
  private func take(_ descriptor: Int32, until deadline: ContinuousClock.Instant) throws -> Bool {
    var request = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    guard waitFor(&request, until: deadline) else { throw giveUp() }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &buffer, buffer.count)
    if count > 0 { text[descriptor, default: []] += buffer[..<count] }
    return count > 0
  }

  private func giveUp() -> Spawned.Failure {
    spawned.send(SIGKILL)
    _ = spawned.wait()
    return .late(output: String(decoding: (text[output] ?? []) + (text[errors] ?? []), as: UTF8.self))
  }
}
