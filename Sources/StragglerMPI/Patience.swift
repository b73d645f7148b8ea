// SPDX-License-Identifier: Apache-2.0

#if MPI
  #if canImport(Glibc)
    internal import Glibc
  #elseif canImport(Musl)
    internal import Musl
  #else
    internal import Darwin
  #endif

  /// How a rank waits for messages, which wake no one up: it looks again and again, then lets others have the
  /// processor between looks, and after a while sleeps.
  @usableFromInline
  package struct Patience {
    private var looks = 0

    @usableFromInline init() {}

    /// A message has come.
    @usableFromInline
    mutating func reset() { looks = 0 }

    /// Nothing has come.
    @usableFromInline
    mutating func wait() {
      looks += 1
      Self.rest(after: looks)
    }

    /// Rests after so many looks in vain.
    package static func rest(after looks: Int) {
      if looks > 3_000 { usleep(50) } else if looks > 100 { sched_yield() }
    }
  }
#endif
