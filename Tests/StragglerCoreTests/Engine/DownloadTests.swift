// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerCore

/// When workers begin that wait for the model.
@Suite struct DownloadTests {
  /// Downloads for two workers, of which the second waits.
  private static func withDownloads(_ body: (Downloads) throws -> Void) throws {
    var workers = [Worker(tau: 1), Worker(tau: 1)]
    workers[1].download = 4
    try workers.withUnsafeMutableBufferPointer { buffer in
      let fleet = Fleet(Table(base: buffer.baseAddress, count: buffer.count))
      var plan = Setup(fleet: fleet, conditions: Conditions(), arena: .measuring())
      _ = try Downloads(&plan)
      let size = plan.finish().used
      #expect(size > 0)
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
      defer { memory.deallocate() }
      var setup = Setup(fleet: fleet, conditions: Conditions(), arena: Arena(memory))
      try body(try Downloads(&setup))
    }
  }

  @Test func everyPointIsReceivedOnce() throws {
    try Self.withDownloads { downloads in
      // x⁰ is with no worker.
      #expect(downloads.beginning(1, version: 0, at: 0, seconds: 4) == 4)
      #expect(downloads.beginning(1, version: 0, at: 6, seconds: 4) == 6)
      #expect(downloads.beginning(1, version: 3, at: 7, seconds: 4) == 11)
      #expect(downloads.beginning(1, version: 0, at: 12, seconds: 4) == 16)
      downloads.reset()
      #expect(downloads.beginning(1, version: 0, at: 0, seconds: 4) == 4)
    }
  }

  @Test func aPointThatWasOnItsWayIsNotReceived() throws {
    try Self.withDownloads { downloads in
      #expect(downloads.beginning(1, version: 0, at: 0, seconds: 4) == 4)
      // Another job in its place: at 10, version 1 is on its way until 11, and version 0 is still there.
      #expect(downloads.beginning(1, version: 1, at: 7, seconds: 4) == 11)
      #expect(downloads.beginning(1, version: 0, at: 10, seconds: 4) == 10)
      #expect(downloads.beginning(1, version: 1, at: 20, seconds: 4) == 24)
      // Stopped before it came, and later at the instant at which it came.
      downloads.stop(1, at: 23)
      #expect(downloads.beginning(1, version: 1, at: 30, seconds: 4) == 34)
      downloads.stop(1, at: 34)
      #expect(downloads.beginning(1, version: 1, at: 40, seconds: 4) == 40)
    }
  }

  @Test func withoutDownloadsThereIsNoMemory() throws {
    var workers = [Worker(tau: 1)]
    try workers.withUnsafeMutableBufferPointer { buffer in
      let fleet = Fleet(Table(base: buffer.baseAddress, count: buffer.count))
      var plan = Setup(fleet: fleet, conditions: Conditions(), arena: .measuring())
      _ = try Downloads(&plan)
      #expect(plan.finish().used == 0)
    }
  }
}
