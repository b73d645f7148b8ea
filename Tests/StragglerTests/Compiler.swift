// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Type-checks small programs against the modules that the build has made, as a package that links the
/// library compiles them.
struct Compiler {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let folder: URL
  private let modules: URL

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("straggler-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let beside = [CommandLine.arguments.first ?? "", Bundle.main.executablePath ?? ""].map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("Modules")
    }
    let candidates = beside + [Self.root.appendingPathComponent(".build/debug/Modules")]
    let found = candidates.first {
      FileManager.default.fileExists(atPath: $0.appendingPathComponent("Straggler.swiftmodule").path)
    }
    guard let found else { throw Failure(description: "no module Straggler among \(candidates)") }
    modules = found
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// Makes a module of `source` that programs can import.
  func makeModule(_ name: String, _ source: String) throws {
    let file = try write(source, to: "\(name).swift")
    let output = try run([
      "-emit-module", "-module-name", name, "-parse-as-library", "-o",
      folder.appendingPathComponent("\(name).swiftmodule").path, file,
    ])
    guard output.isEmpty else { throw Failure(description: output) }
  }

  /// The errors of a program, one a line; empty where there are none. `main` is its top-level code, and
  /// `others` are further files of it.
  func errors(in main: String, _ others: [String] = []) throws -> [String] {
    let name = UUID().uuidString
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent(name), withIntermediateDirectories: true)
    var files = [try write(main, to: "\(name)/main.swift")]
    for (index, other) in others.enumerated() { files.append(try write(other, to: "\(name)/\(index).swift")) }
    let output = try run(
      [
        "-typecheck", "-swift-version", "6", "-module-name", "Client", "-I", modules.path, "-I", folder.path,
        "-enable-upcoming-feature", "MemberImportVisibility", "-Xcc", "-I", "-Xcc",
        Self.root.appendingPathComponent("Sources/CKernels/include").path,
      ] + files)
    return output.split(separator: "\n").map(String.init).filter { $0.contains(": error: ") }
  }

  private func write(_ text: String, to name: String) throws -> String {
    let file = folder.appendingPathComponent(name)
    try text.write(to: file, atomically: true, encoding: .utf8)
    return file.path
  }

  private func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["swiftc"] + arguments
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: output, as: UTF8.self)
    guard process.terminationStatus != 0 else { return "" }
    return text.isEmpty ? "swiftc failed: error: nothing said" : text
  }
}
