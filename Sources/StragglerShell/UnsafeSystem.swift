// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The system calls that a program with a terminal needs and the libraries do not.
enum System {
  /// A call that failed.
  struct Failure: Error, Equatable {
    let code: Int32

    /// The call that has just failed.
    static var last: Failure { Failure(code: errno) }

    /// A signal arrived before the call did anything.
    var isInterruption: Bool { code == EINTR }
    /// The other end of a pipe has been closed.
    var isBrokenPipe: Bool { code == EPIPE }
    var isMissing: Bool { code == ENOENT }

    /// The system's words, such as "No space left on device".
    var description: String {
      guard let text = unsafe strerror(code) else { return "error \(code)" }
      return unsafe String(cString: text)
    }
  }

  /// Ends the process.
  static func exit(_ status: ExitStatus) -> Never {
    #if canImport(Glibc)
      Glibc.exit(status.rawValue)
    #elseif canImport(Musl)
      Musl.exit(status.rawValue)
    #else
      Darwin.exit(status.rawValue)
    #endif
  }

  /// Seconds on a clock that only goes forward.
  static var seconds: Double {
    let elapsed = (ContinuousClock.now - origin).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }

  private static let origin = ContinuousClock.now

  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Whether the user's terminal can only print.
  static var hasDumbTerminal: Bool { ["", "dumb"].contains(environment("TERM") ?? "") }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// The width of the terminal at `descriptor`; nil where it is none or does not know.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// The number of available processors.
  static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// Takes characters as the user's locale writes them, and UTF-8 where the locale knows only ASCII. Nothing
  /// else of the locale, so that numbers stay as they are.
  static func adoptCharacters() {
    _ = unsafe setlocale(LC_CTYPE, "")
    if let codeset = unsafe nl_langinfo(nl_item(CODESET)), unsafe String(cString: codeset) == "UTF-8" {
      return
    }
    _ = unsafe setlocale(LC_CTYPE, "C.UTF-8")
  }
}

// MARK: - Descriptors

extension System {
  /// At most `limit` bytes; none at the end. Waits.
  static func read(_ descriptor: Int32, limit: Int = 65_536) throws(Failure) -> [UInt8] {
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, initialized in
      #if canImport(Glibc)
        count = unsafe Glibc.read(descriptor, buffer.baseAddress, limit)
      #elseif canImport(Musl)
        count = unsafe Musl.read(descriptor, buffer.baseAddress, limit)
      #else
        count = unsafe Darwin.read(descriptor, buffer.baseAddress, limit)
      #endif
      initialized = max(0, count)
    }
    guard count >= 0 else { throw .last }
    return bytes
  }

  /// Writes everything. A signal does not interrupt it.
  static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { buffer in
        #if canImport(Glibc)
          unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
          unsafe Musl.write(descriptor, buffer.baseAddress, buffer.count)
        #else
          unsafe Darwin.write(descriptor, buffer.baseAddress, buffer.count)
        #endif
      }
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      let failure = Failure.last
      if failure.code == EAGAIN {
        waitUntilWritable(descriptor)
      } else if !failure.isInterruption {
        throw failure
      }
    }
  }

  /// For descriptors that another process has set to non-blocking.
  private static func waitUntilWritable(_ descriptor: Int32) {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe withUnsafeMutablePointer(to: &poll) { unsafe Self.poll($0) }
  }

  private static func poll(_ request: UnsafeMutablePointer<pollfd>) -> Int32 {
    #if canImport(Glibc)
      unsafe Glibc.poll(request, 1, -1)
    #elseif canImport(Musl)
      unsafe Musl.poll(request, 1, -1)
    #else
      unsafe Darwin.poll(request, 1, -1)
    #endif
  }

  /// Opens a file for appending, created for its owner alone if missing.
  static func openForAppending(_ path: String) throws(Failure) -> Int32 {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last }
    return descriptor
  }

  static func close(_ descriptor: Int32) {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #elseif canImport(Musl)
      _ = Musl.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }

  /// Creates a folder for its owner alone; does nothing if it exists.
  static func makeFolder(_ path: String) throws(Failure) {
    guard unsafe mkdir(path, 0o700) != 0 else { return }
    let failure = Failure.last
    guard failure.code == EEXIST else { throw failure }
  }
}
