// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The system could not make so many threads.
public struct NoThread: Error, Equatable, Sendable {
  /// Which thread it did not make, from 0.
  public let index: Int
  /// The system's number for why, as in `errno`.
  public let code: Int32
}

/// Threads that live while a function runs.
@usableFromInline
enum Threads {
  /// Calls `body` on `count` threads of their own, with 0..<count, and `meanwhile` on this one; returns when
  /// all have returned.
  ///
  /// Where a thread cannot be made, `failed` is called, which must make the others return, and the error is
  /// thrown when they have.
  @usableFromInline
  static func run(
    _ count: Int, _ body: @escaping @Sendable (Int) -> Void, meanwhile: () -> Void, failed: () -> Void
  ) throws(NoThread) {
    var threads: [pthread_t] = []
    var failure: NoThread?
    for index in 0..<count {
      do throws(NoThread) { threads.append(try start(index, body)) } catch {
        failure = error
        break
      }
    }
    if failure == nil { meanwhile() } else { failed() }
    for thread in threads { pthread_join(thread, nil) }
    if let failure { throw failure }
  }

  /// A number of the calling thread, not 0, that no other one has while it lives.
  static var current: UInt {
    #if canImport(Darwin)
      unsafe UInt(bitPattern: pthread_self())
    #else
      UInt(pthread_self())
    #endif
  }

  /// Lets other threads have the processor.
  @usableFromInline
  static func yield() { sched_yield() }

  private static func start(
    _ index: Int, _ body: @escaping @Sendable (Int) -> Void
  ) throws(NoThread) -> pthread_t {
    // The thread takes the reference over.
    let task = unsafe Unmanaged.passRetained(ThreadTask(index, body))
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
      throw NoThread(index: index, code: code)
    }
    #if canImport(Darwin)
      guard let thread else { throw NoThread(index: index, code: EAGAIN) }
    #endif
    return thread
  }
}

@discardableResult
private func runTask(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  let task = unsafe Unmanaged<ThreadTask>.fromOpaque(context).takeRetainedValue()
  task.body(task.index)
  return nil
}

/// The work of a thread, in a form that can be passed through C.
private final class ThreadTask: Sendable {
  let index: Int
  let body: @Sendable (Int) -> Void

  init(_ index: Int, _ body: @escaping @Sendable (Int) -> Void) {
    self.index = index
    self.body = body
  }
}
