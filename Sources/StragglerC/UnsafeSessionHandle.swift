// SPDX-License-Identifier: Apache-2.0

import CStraggler
import StragglerLab
import StragglerLanguage
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a `straggler_session` is: an interpreter that one thread at a time has.
final class SessionHandle: @unchecked Sendable {
  private let isBusy = Atomic<Bool>(false)
  private let request = StopRequest()
  private let fault = Fault()
  private let output = LineOutput()
  private let interpreter: Interpreter
  /// The process that made it.
  private let process = getpid()
  private var threads: Int
  private var ownProblems: Set<String> = []

  static let mostThreads = 4096

  /// `threads` is 0 for one a processor.
  init(threads: Int) {
    self.threads = threads > 0 ? threads : max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    var options = Options()
    (options.isJSON, options.isAnswering) = (true, true)
    // Reports have all columns.
    options.width = nil
    let origin = ContinuousClock.now
    let world = World(
      clock: {
        let elapsed = (ContinuousClock.now - origin).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
      },
      interrupted: { [request, fault] in request.isMade || fault.hasOccurred },
      fault: { [fault] in fault.sentence })
    interpreter = Interpreter(output: output, options: options, world: world)
  }

  /// Ends what is being done.
  func interrupt() { request.isMade = true }

  /// Does `body`, or nothing where the session is at work.
  func alone(_ body: () -> Answer) -> Answer {
    guard !isBusy.exchange(true, ordering: .acquiring) else {
      return .init(STRAGGLER_BUSY, "the session is at work; wait for its end, or take another session")
    }
    defer { isBusy.store(false, ordering: .releasing) }
    return body()
  }

  /// Carries out a text, whose lines `takeLine` gets.
  func run(_ text: [UInt8], _ takeLine: @escaping (String) -> Bool) -> Answer {
    request.isMade = false
    fault.clear()
    output.begin()
    output.takeLine = takeLine
    defer { output.takeLine = nil }
    // The threads of a process are not those of its child.
    interpreter.options.threads = getpid() == process ? threads : 1
    let outcome = interpreter.execute(SourceText(name: "<session>", bytes: text))
    let sentence = output.error ?? "the output was closed by its reader"
    switch outcome {
    case .done, .quit: return .done
    case .failed: return .init(STRAGGLER_FAILED, sentence)
    case .expectationFailed: return .init(STRAGGLER_UNMET, sentence)
    case .interrupted: return .init(STRAGGLER_INTERRUPTED, "interrupted")
    }
  }

  func onProgress(_ taker: ProgressTaker?) { output.progressTaker.withLock { $0 = taker } }

  /// Adds a problem whose functions are the caller's.
  func add(_ callbacks: straggler_problem, named name: String, dimension: Int) -> Answer {
    guard let first = name.unicodeScalars.first, Self.beginsName(first),
      name.unicodeScalars.allSatisfy({ Self.beginsName($0) || ("0"..."9").contains($0) || $0 == "-" })
    else {
      return .init(
        STRAGGLER_INVALID,
        "'\(name)' is no name of a problem: it takes letters, digits, _ and -, and a letter first")
    }
    guard ownProblems.contains(name) || interpreter.catalogue.problem(name) == nil else {
      return .init(STRAGGLER_INVALID, "\(name) is a problem of the library; give yours another name")
    }
    let isSerial = unsafe callbacks.is_thread_safe == 0
    if isSerial { threads = 1 }
    let functions = unsafe CallbackFunctions(callbacks, name: name, dimension: dimension, fault: fault)
    interpreter.catalogue.add(
      CallbackProblem(functions), named: name,
      summary: "functions of this program, in \(dimension) variables",
      isSerial: isSerial, hasFailed: { [fault] in fault.hasOccurred })
    ownProblems.insert(name)
    return .done
  }

  private static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  /// A result as columns; nil where there is none of that name.
  func columns(_ name: String) -> Interpreter.Columns? { interpreter.columns(name) }
}

/// Whether the work at hand is to end; any thread, and a signal handler, may say so.
private final class StopRequest: Sendable {
  private let flag = Atomic<Bool>(false)

  var isMade: Bool {
    get { flag.load(ordering: .relaxed) }
    set { flag.store(newValue, ordering: .relaxed) }
  }
}

/// What came of a call.
struct Answer {
  let status: Int32
  /// Why it failed; empty where it did not.
  let sentence: String

  init(_ status: Int, _ sentence: String) {
    self.status = Int32(status)
    self.sentence = sentence
  }

  static let done = Answer(STRAGGLER_OK, "")
}
