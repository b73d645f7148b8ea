// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A folder for the files of one test, removed with what is in it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "straggler-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
  }

  func bytes(of name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: file(name)).map { [UInt8]($0) }
  }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

/// Data that is not part of the package.
enum SharedData {
  /// The folder `shared` beside the package, or the one that STRAGGLER_SHARED names.
  static let folder: String? = {
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let beside = root.deletingLastPathComponent().appendingPathComponent("shared").path
    let named = ProcessInfo.processInfo.environment["STRAGGLER_SHARED"]
    return [beside, named].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0 + "/data") }
  }()

  static let isPresent = folder != nil
  static func path(_ relative: String) -> String { (folder ?? "") + "/data/" + relative }
}
