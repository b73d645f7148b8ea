// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A thread that runs a closure.
@safe
struct WorkerThread {
  /// The system did not make it.
  struct Failure: Error {
    /// The system's number for why, as in `errno`.
    let code: Int32
  }

  private let thread: pthread_t

  init(_ body: @escaping @Sendable () -> Void) throws(Failure) {
    // The thread takes the reference over.
    let task = unsafe Unmanaged.passRetained(Task(body))
    #if canImport(Darwin)
      var thread: pthread_t?
      let code = unsafe pthread_create(&thread, nil, { runTask($0) }, task.toOpaque())
    #else
      var thread = pthread_t()
      let code = unsafe pthread_create(
        &thread, nil,
        { context in
          if let context = unsafe context { unsafe runTask(context) }
          return nil
        }, task.toOpaque())
    #endif
    guard code == 0 else {
      unsafe task.release()
      throw Failure(code: code)
    }
    #if canImport(Darwin)
      guard let thread else { throw Failure(code: EAGAIN) }
    #endif
    self.thread = thread
  }

  /// Waits until the closure has returned; once.
  func join() { pthread_join(thread, nil) }

  fileprivate final class Task: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}

@discardableResult
private func runTask(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  unsafe Unmanaged<WorkerThread.Task>.fromOpaque(context).takeRetainedValue().body()
  return nil
}
