// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Ctrl-C, and the signals that ask the process to end. The one piece of global state: a signal handler can
/// reach nothing else.
enum Interruption {
  private static let requested = Atomic<Bool>(false)
  private static let endsAtSecond = Atomic<Bool>(false)
  private static let ending = Atomic<Int32>(0)

  /// Whether Ctrl-C has been pressed since the last `forget`, or a signal has asked the process to end.
  static var isRequested: Bool { requested.load(ordering: .relaxed) || status != nil }

  /// The exit status of the process, where a signal has asked it to end: 128 and the signal's number.
  static var status: ExitStatus? {
    switch ending.load(ordering: .relaxed) {
    case SIGHUP: .hungUp
    case SIGTERM: .terminated
    default: nil
    }
  }

  static func forget() { requested.store(false, ordering: .relaxed) }

  /// From now on Ctrl-C asks to stop in place of ending the process, and interrupts system calls that wait.
  ///
  /// With `endsAtSecond`, for scripts, a second Ctrl-C ends the process at once, for work that does not check
  /// for interruptions; at the prompt it does not, so that nothing that was reached is lost. What was started
  /// with Ctrl-C ignored, as background jobs are, goes on ignoring it, unless it `redraws` a prompt.
  ///
  /// SIGTERM and SIGHUP stop the work like Ctrl-C, so that files are left whole, and then end the process; a
  /// second one ends it at once. Where they were ignored, as by `nohup`, they stay so.
  static func install(endsAtSecond: Bool, redraws: Bool) {
    forget()
    Self.endsAtSecond.store(endsAtSecond, ordering: .relaxed)
    if redraws || !isIgnored(SIGINT) { handle(SIGINT, with: interrupt) }
    // Back in the foreground, the terminal has to be set up again: the prompt is redrawn.
    if redraws { handle(SIGCONT) { _ in } }
    for number in [SIGTERM, SIGHUP] where !isIgnored(number) { handle(number, with: end) }
    // Writing to a pipe without a reader, or beyond the largest size of a file, is an error like any other.
    for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
  }

  /// Waits until `descriptor` can be read; false where a signal comes first: Ctrl-C, a return to the
  /// foreground, or one that ends the process.
  ///
  /// Also if it comes between a check of `isRequested` and the wait: signals are blocked meanwhile.
  static func waitForInput(_ descriptor: Int32) -> Bool {
    var (held, before) = (sigset_t(), sigset_t())
    _ = unsafe sigemptyset(&held)
    for number in [SIGINT, SIGCONT, SIGTERM, SIGHUP] { _ = unsafe sigaddset(&held, number) }
    _ = unsafe pthread_sigmask(SIG_BLOCK, &held, &before)
    var descriptors = fd_set()
    unsafe withUnsafeMutableBytes(of: &descriptors) { bytes in
      let (byte, bit) = (Int(descriptor) / 8, UInt8(descriptor % 8))
      if bytes.indices.contains(byte) { unsafe bytes[byte] |= 1 << bit }
    }
    // Reading reports any other error.
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

  private static let end: @convention(c) (Int32) -> Void = { number in
    if ending.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
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
