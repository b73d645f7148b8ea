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

/// Waits for files in a folder, woken up by what the system reports about them.
final class FolderWatch {
  private let folder: String
  /// Readable after a change; −1 where the system reports none.
  private let descriptor: Int32

  init(_ folder: String) {
    self.folder = folder
    descriptor = support_watch_folder(folder)
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Waits until the bytes of the file `name`, nil while there is none, are as `isDone` says.
  func wait(for name: String, seconds: Double = 60, until isDone: (Data?) -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !isDone(FileManager.default.contents(atPath: folder + "/" + name)) {
      guard ContinuousClock.now < deadline else { throw Spawned.Failure.late(output: name) }
      guard descriptor >= 0 else {
        usleep(2_000)
        continue
      }
      var requests = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
      guard waitFor(&requests, until: deadline) else { throw Spawned.Failure.late(output: name) }
      var events = [UInt8](repeating: 0, count: 65_536)
      _ = read(descriptor, &events, events.count)
    }
  }
}
