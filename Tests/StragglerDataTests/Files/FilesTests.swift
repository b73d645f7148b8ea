// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerData
import Testing

@Suite struct FilesTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [0, 1, 4095, 4096, 200_001]) func readsWhatIsThere(_ count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try folder.write(bytes, to: "a")
    #expect(try Files.read(folder.file("a")) == bytes)
    #expect(try Files.read(folder.file("a"), limit: count) == bytes)
    if count > 0 {
      let error = #expect(throws: DataError.self) { try Files.read(folder.file("a"), limit: count - 1) }
      #expect(error?.problem == "the file is larger than \(count - 1) bytes")
    }
  }

  @Test func endlessDevicesMeetTheLimit() {
    #expect(throws: DataError.self) { try Files.read("/dev/zero", limit: 100_000) }
    #expect((try? Files.read("/dev/null")) == [])
  }

  @Test func readsPipes() async throws {
    let path = folder.file("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let bytes = [UInt8](repeating: 65, count: 300_000)
    // The writer waits for the reader to open the pipe.
    let writer = Thread { FileHandle(forWritingAtPath: path)?.write(Data(bytes)) }
    writer.start()
    #expect(try Files.read(path) == bytes)
  }

  @Test func refusesInSentences() {
    let cases = [
      (folder.file("none"), "cannot be read: No such file or directory"),
      (folder.path, "is a folder, not a file"), ("", "the name is empty"),
      ("a\0b", "the name holds a NUL character"),
    ]
    for (path, problem) in cases {
      let error = #expect(throws: DataError.self) { try Files.read(path) }
      #expect(error?.problem == problem)
      let written = #expect(throws: DataError.self) {
        try Files.write([1], to: path + (path.isEmpty ? "" : "/"))
      }
      #expect(written != nil)
    }
  }

  @Test func kinds() throws {
    try folder.write([1], to: "a")
    #expect(Files.kind(folder.file("a")) == .file)
    #expect(Files.kind(folder.path) == .folder)
    #expect(Files.kind(folder.file("b")) == .missing)
    #expect(Files.kind("/dev/null") == .other)
    #expect(Files.kind("") == .missing)
  }

  @Test func writesAndReplaces() throws {
    for content in ["first", "second, longer", ""] {
      try Files.write(content, to: folder.file("a"))
      #expect(folder.bytes(of: "a") == [UInt8](content.utf8))
    }
    #expect(folder.names == ["a"])
  }

  @Test func keepsPermissionsAndLinks() throws {
    try folder.write([1], to: "a")
    chmod(folder.file("a"), 0o640)
    symlink(folder.file("a"), folder.file("link"))
    try Files.write([2], to: folder.file("link"))
    #expect(folder.bytes(of: "a") == [2])
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("a"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == folder.file("a"))

    symlink(folder.file("nowhere"), folder.file("dangling"))
    #expect(throws: DataError.self) { try Files.write([2], to: folder.file("dangling")) }
    #expect(folder.names == ["a", "dangling", "link"])
  }

  @Test func leavesNothingBehindWhereItFails() throws {
    try folder.makeFolder("b")
    #expect(throws: DataError.self) { try Files.write([1], to: folder.file("b")) }
    #expect(throws: DataError.self) { try Files.write([1], to: folder.file("none/a")) }
    #expect(throws: DataError.self) {
      try Files.write([1], to: folder.file(String(repeating: "n", count: 300)))
    }
    #expect(folder.names == ["b"])
  }

  /// A process that may not write files larger than 100 kB, as if the disk were full.
  @Test func fullDisksLeaveTheOldFile() async throws {
    let path = try folder.write([1, 2, 3], to: "a")
    await #expect(processExitsWith: .exitCode(42)) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      do { try Files.write([UInt8](repeating: 0, count: 200_000), to: path) } catch {
        if "\(error)".hasPrefix(path + ": cannot be written") { exit(42) }
      }
    }
    #expect(folder.bytes(of: "a") == [1, 2, 3])
    #expect(folder.names == ["a"])
  }

  @Test func writesThroughDevices() throws {
    try Files.write([1, 2, 3], to: "/dev/null")
    #expect(Files.kind("/dev/null") == .other)
    let error = #expect(throws: DataError.self) { try Files.write([1], to: "/dev/full") }
    #expect(error?.problem == "cannot be written: No space left on device")
    #expect(error?.remedy == "make room on the disk")
  }

  /// A descriptor's name goes on where the descriptor is; opening it anew would begin at the start.
  @Test func sharesOpenDescriptors() throws {
    let path = try folder.write([UInt8]("old ".utf8), to: "a")
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    handle.seekToEndOfFile()
    try Files.write("new", to: "/dev/fd/\(handle.fileDescriptor)")
    #expect(folder.bytes(of: "a") == [UInt8]("old new".utf8))
    handle.seek(toFileOffset: 4)
    #expect(try Files.read("/dev/fd/\(handle.fileDescriptor)") == [UInt8]("new".utf8))
    #expect(throws: DataError.self) { try Files.read("/dev/fd/987654") }
  }
}
