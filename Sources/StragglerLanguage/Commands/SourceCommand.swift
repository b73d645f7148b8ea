// SPDX-License-Identifier: Apache-2.0

internal import StragglerData

/// Carries out the commands of a file.
struct SourceCommand: Command {
  static let name = "source"
  static let usage = "source FILE"
  static let summary = "runs the commands of a file"
  static let details = "A relative name counts from the file that names it. A file cannot run itself."

  private var file = Given("")

  mutating func arguments(_ arguments: inout Arguments) {
    arguments.parameter("FILE", &file, .path, "a script")
  }

  /// How deep files may source one another.
  private static let depthLimit = 100

  func run(in workspace: Workspace) throws(Diagnostic) -> Outcome {
    let sources = workspace.sources
    var path = file.value
    if !path.hasPrefix("/"), let here = sources.last, !here.hasPrefix("<"),
      let folder = here.lastIndex(of: "/")
    {
      path = here[...folder] + path
    }
    // By its true path: a file can have many names.
    let resolved = StragglerData.Files.resolved(path)
    guard !sources.contains(where: { StragglerData.Files.resolved($0) == resolved }) else {
      throw Diagnostic(.sourcesItself(path), at: file.place)
    }
    guard sources.count < Self.depthLimit else { throw Diagnostic(.sourcedTooDeeply, at: file.place) }
    let bytes: [UInt8]
    do throws(DataError) { bytes = try StragglerData.Files.read(path) } catch {
      throw Diagnostic(error, at: file.place)
    }
    return workspace.language.execute(
      SourceText(name: path, bytes: bytes), abbreviated: false, in: workspace)
  }
}
