import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C. The one piece of global state: a signal handler can reach nothing else.
enum Interruption {
  private static let requested = Atomic<Bool>(false)
  private static let endsAtSecond = Atomic<Bool>(false)

  /// Whether Ctrl-C has been pressed since the last `forget`.
  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  static func forget() { requested.store(false, ordering: .relaxed) }

  /// From now on Ctrl-C asks to stop in place of ending the process, and interrupts system calls that wait.
  ///
  /// In a script a second Ctrl-C ends the process at once, for work that does not look whether it is to stop; at the
  /// prompt it does not, so that nothing that was reached is lost. A script that was started with Ctrl-C ignored, as
  /// background jobs are, goes on ignoring it.
  static func install(isInteractive: Bool) {
    forget()
    endsAtSecond.store(!isInteractive, ordering: .relaxed)
    if isInteractive || !isIgnored(SIGINT) { handle(SIGINT, with: interrupt) }
    // Back in the foreground the terminal has to be set up again: the prompt starts afresh.
    if isInteractive { handle(SIGCONT) { _ in } }
    // Writing to a pipe that nobody reads is an error like any other.
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Waits until `descriptor` can be read; false where Ctrl-C, or a return to the foreground, comes first.
  ///
  /// Also if it comes between a look at `isRequested` and the waiting: meanwhile it is held back.
  static func waitForInput(_ descriptor: Int32) -> Bool {
    var (held, before) = (sigset_t(), sigset_t())
    _ = unsafe sigemptyset(&held)
    _ = unsafe sigaddset(&held, SIGINT)
    _ = unsafe sigaddset(&held, SIGCONT)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &held, &before)
    var descriptors = fd_set()
    unsafe withUnsafeMutableBytes(of: &descriptors) { bytes in
      let (byte, bit) = (Int(descriptor) / 8, UInt8(descriptor % 8))
      if bytes.indices.contains(byte) { unsafe bytes[byte] |= 1 << bit }
    }
    // Whatever else goes wrong, reading will say it.
    let isReady =
      unsafe !isRequested
      && (pselect(descriptor + 1, &descriptors, nil, nil, nil, &before) >= 0 || errno != EINTR)
    _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    // Ctrl-C that came together with input has most likely taken it away.
    return isReady && !isRequested
  }

  private static let interrupt: @convention(c) (Int32) -> Void = { _ in
    let again = requested.exchange(true, ordering: .relaxed)
    if again && endsAtSecond.load(ordering: .relaxed) { _exit(ExitStatus.interrupted.rawValue) }
  }

  /// Without restarting what the signal interrupts.
  private static func handle(_ number: Int32, with handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    #if canImport(Glibc)
      unsafe action.__sigaction_handler.sa_handler = handler
    #elseif canImport(Musl)
      unsafe action.__sa_handler.sa_handler = handler
    #else
      unsafe action.__sigaction_u.__sa_handler = handler
    #endif
    _ = unsafe sigemptyset(&action.sa_mask)
    _ = unsafe sigaction(number, &action, nil)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Glibc)
      let handler = unsafe action.__sigaction_handler.sa_handler
    #elseif canImport(Musl)
      let handler = unsafe action.__sa_handler.sa_handler
    #else
      let handler = unsafe action.__sigaction_u.__sa_handler
    #endif
    return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
