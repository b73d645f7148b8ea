// SPDX-License-Identifier: Apache-2.0

import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The counter counts: a count of zero is worth something only if others are not zero.
@Suite(.enabled(if: allocationsAreCounted, "malloc cannot be replaced here"))
struct AllocationsTests {
  @Test func nothingIsNothing() {
    var sum = 0
    #expect(allocations { for index in 0..<1_000 { sum &+= index } } == 0)
    #expect(sum == 499_500)
  }

  @Test func arraysAndObjectsCount() {
    final class Object {
      var value = 1
    }
    var array: [Int] = []
    #expect(allocations { array.append(1) } == 1)
    var objects: [Object] = []
    objects.reserveCapacity(10)
    #expect(allocations { for _ in 0..<10 { objects.append(Object()) } } == 10)
    #expect(allocations { array = (0..<10_000).map { $0 * 2 } } >= 1)
  }

  @Test func everyFunctionThatAllocatesCounts() {
    let functions: [@Sendable () -> UnsafeMutableRawPointer?] = [
      { malloc(100) }, { calloc(10, 10) }, { realloc(nil, 100) }, { aligned_alloc(64, 128) },
      {
        var memory: UnsafeMutableRawPointer?
        return posix_memalign(&memory, 64, 100) == 0 ? memory : nil
      },
    ]
    for function in functions {
      var memory: UnsafeMutableRawPointer?
      #expect(allocations { memory = function() } == 1)
      #expect(memory != nil)
      free(memory)
    }
  }

  @Test func otherThreadsAreNotCounted() {
    let count = allocations {
      var thread = pthread_t()
      let code = pthread_create(
        &thread, nil,
        { _ in
          for _ in 0..<1_000 { free(malloc(10)) }
          return nil
        }, nil)
      if code == 0 { pthread_join(thread, nil) }
    }
    // Starting a thread may itself allocate a little.
    #expect(count < 100)
  }
}
