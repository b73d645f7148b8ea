// SPDX-License-Identifier: Apache-2.0

import Foundation
import Straggler
import Testing

/// `import Straggler` shows the names of Docs/Names.md and no others, beside any module.
@Suite(.serialized) struct PublicFaceTests {
  /// Names that Foundation, SwiftUI and Network export, or might.
  private static let standIns = [
    "Stream", "Text", "Network", "Model", "Table", "Key", "Server", "View", "Group", "Label", "Link", "Path",
    "Section", "Form", "Image", "Grid", "Page", "Settings", "Work", "Method", "Slot", "Sample", "Scalar",
    "Setup", "Files", "Goal", "Reading", "Simulation", "Special", "Theory", "Cell", "CSV", "Connection",
    "Endpoint", "Listener", "State", "Binding", "Transaction", "Animation", "Timeline",
  ]

  private static func text(_ name: String) throws -> String {
    try String(contentsOf: Compiler.root.appendingPathComponent(name), encoding: .utf8)
  }

  /// The names that Sources/Straggler exports.
  private static func exported() throws -> [String] {
    try text("Sources/Straggler/Straggler.swift").split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /@_exported public import [a-z]+ \w+\.(\w+)/).map { String($0.output.1) }
    }
  }

  private static let modules = [
    "StragglerCore", "StragglerData", "StragglerLab", "StragglerRuntime", "StragglerLanguage",
  ]

  /// Every name at the top of `modules`, with what it is: `struct`, `protocol` and so on.
  private static func declared(in modules: [String] = modules) throws -> [String: String] {
    var names: [String: String] = [:]
    for module in modules {
      let folder = Compiler.root.appendingPathComponent("Sources/\(module)")
      let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
      for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
        let declaration = /public (?:final |indirect )?(struct|enum|class|protocol|typealias) (\w+)/
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
          if let match = line.prefixMatch(of: declaration) {
            names[String(match.output.2)] = String(match.output.1)
          }
        }
      }
    }
    return names
  }

  @Test func thePageHasTheNames() throws {
    let rows = try Self.text("Docs/Names.md").split(separator: "\n").filter { $0.hasPrefix("| ") }
    let listed = rows.flatMap { $0.matches(of: /`(\w+)`/).map { String($0.output.1) } }
    #expect(listed.sorted() == (try Self.exported().sorted()))
    #expect(Set(listed).count == listed.count)
  }

  /// Those names resolve, and no other one of the library does.
  @Test func noOtherNameIsThere() throws {
    let compiler = try Compiler()
    defer { compiler.remove() }
    let exported = try Set(Self.exported())
    let names = try Self.declared().keys.sorted()
    #expect(exported.isSubset(of: names))
    let uses = names.map { "extension \($0) {}" }.joined(separator: "\n")
    let errors = try compiler.errors(in: "import Straggler\n" + uses)
    let missing = errors.compactMap {
      $0.firstMatch(of: /cannot find type '(\w+)'/).map { String($0.output.1) }
    }
    #expect(Set(missing) == Set(names).subtracting(exported))
    #expect(missing.count == errors.count)
  }

  @Test func noNameClashes() throws {
    #expect(try Set(Self.standIns).isDisjoint(with: Self.exported()))
  }

  // MARK: - The examples of the documentation

  /// What the examples take for granted, by page.
  private static let preludes = [
    "README.md": """
    import Straggler
    let method = Ringmaster { $0.gamma = 0.1 }
    let weights = [0.0, 0, 0]
    struct Transport: Sendable {
      struct Result { let ticket: UInt64 = 1, gradient = [0.0, 0, 0] }
      func next() -> Result { Result() }
      func send(_ task: JobTask, ticket: UInt64, to worker: Int, at point: Span<Double>) {}
    }
    let transport = Transport()
    func addGradient(of job: WorkerJob, at x: Span<Double>, to gradient: inout MutableSpan<Double>) {}
    """,
    "Docs/RealWorkers.md": """
    import Straggler
    let experiment = Experiment(
      Quadratic<Double>(dimension: 10), workers: [Worker(tau: 1), Worker(tau: 2)], method: Rennala())
    func seconds() -> Double { 0 }
    """,
    "Docs/Embedding.md": """
    import Straggler
    let ringmaster = Ringmaster { $0.gamma = 0.1 }
    let x0 = [0.0, 0, 0]
    let gamma = 0.1
    struct Row: Sendable { let label = 1.0, columns = [UInt32(0)], values = [1.0] }
    let rows = [Row()]
    func pick(_ job: Int) -> Int { 0 }
    func batch(of worker: Int, _ job: Int) -> [Int] { [] }
    func add(_ sample: Int, _ x: Span<Double>, _ gradient: inout MutableSpan<Double>) {}
    """,
  ]

  private struct Block: CustomStringConvertible {
    let page: String
    let number: Int
    let code: String
    var description: String { "\(page), block \(number)" }
  }

  /// The blocks of Swift in the pages, but for those that are a part of a source of the package, and the
  /// examples that need no other product.
  private static func blocks() throws -> [Block] {
    let examples = try ["Simulate", "OwnMethod", "RealWorkers", "Threads"].map { name in
      let page = "Docs/Examples/Sources/\(name)/main.swift"
      return Block(page: page, number: 0, code: try text(page))
    }
    let pages = try FileManager.default.contentsOfDirectory(
      atPath: Compiler.root.appendingPathComponent("Docs").path
    ).filter { $0.hasSuffix(".md") }.sorted().map { "Docs/\($0)" }
    let sources = try ["Sources/StragglerLanguage/Commands", "Docs/Examples/Sources/OwnShell"].flatMap {
      folder in
      try FileManager.default.contentsOfDirectory(
        at: Compiler.root.appendingPathComponent(folder), includingPropertiesForKeys: nil
      ).map { try String(contentsOf: $0, encoding: .utf8) }
    }
    let all = ["README.md", "Sources/Straggler/Straggler.docc/Straggler.md"] + pages
    return try examples
      + all.flatMap { page in
        try text(page).components(separatedBy: "\n```").enumerated().compactMap { index, part -> Block? in
          guard index % 2 == 1, part.hasPrefix("swift\n") else { return nil }
          let code = String(part.dropFirst("swift\n".count))
          return sources.contains { $0.contains(code) } ? nil : Block(page: page, number: index, code: code)
        }
      }
  }

  /// Errors of a block beside Foundation and modules with names that are as common.
  private static func errors(in block: Block, _ compiler: Compiler) throws -> [String] {
    var main = "import Foundation\nimport StandIns\n"
    if !block.code.contains("import Straggler\n") { main += "import Straggler\n" }
    if block.code.contains("import StragglerCore") {
      // An author's file: of two names the library's is meant, which a line as on Docs/Names.md says.
      let core = try declared(in: ["StragglerCore"])
      for name in standIns { if let kind = core[name] { main += "import \(kind) StragglerCore.\(name)\n" } }
    }
    return try compiler.errors(in: main + block.code, Self.preludes[block.page].map { [$0] } ?? [])
  }

  private static func compiler(_ names: [String] = standIns) throws -> Compiler {
    let compiler = try Compiler()
    try compiler.makeModule(
      "StandIns", names.map { "public struct \($0) { public init() {} }" }.joined(separator: "\n"))
    return compiler
  }

  @Test func examplesCompileBesideOtherModules() throws {
    let compiler = try Self.compiler()
    defer { compiler.remove() }
    let blocks = try Self.blocks()
    #expect(blocks.count >= 12)
    for block in blocks {
      let errors = try Self.errors(in: block, compiler)
      #expect(errors.isEmpty, "\(block): \(errors.joined(separator: "\n"))")
    }
  }

  /// Errors of a file that imports `face` and in which each of `names` is the other module's.
  private static func errors(
    using names: [String], importing face: String, _ compiler: Compiler
  ) throws -> [String] {
    let uses = names.map { "let _: \($0) = StandIns.\($0)()" }.joined(separator: "\n")
    return try compiler.errors(in: "import StandIns\nimport \(face)\n" + uses)
  }

  @Test func namesOfOtherModulesStayTheirs() throws {
    let compiler = try Self.compiler()
    defer { compiler.remove() }
    #expect(try Self.errors(using: Self.standIns, importing: "Straggler", compiler) == [])
  }

  /// The test above can fail: with a name of the library in the other module, and with a library that shows
  /// all of its names.
  @Test func clashesAreFound() throws {
    let compiler = try Self.compiler(["Text", "Worker"])
    defer { compiler.remove() }
    let errors = try Self.errors(using: ["Text", "Worker"], importing: "Straggler", compiler)
    #expect(!errors.isEmpty && errors.allSatisfy { !$0.contains("Text") }, "\(errors)")
    #expect(
      try Self.errors(using: ["Text"], importing: "StragglerCore", compiler)
        .contains { $0.contains("ambiguous") })
  }
}
