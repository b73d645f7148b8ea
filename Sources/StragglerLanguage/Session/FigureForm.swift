// SPDX-License-Identifier: Apache-2.0

/// The forms in which figures are written, by the ending of the file's name.
public enum FigureForm: String, CaseIterable, Sendable {
  /// Vector graphics, which all figures are made as.
  case svg
  /// A page, made from the SVG.
  case pdf
  /// A picture, made from the SVG.
  case png

  /// The form that the ending of `path` says; nil for any other.
  init?(of path: String) {
    guard let form = Self.allCases.first(where: { path.hasSuffix(".\($0.rawValue)") }) else { return nil }
    self = form
  }

  static let endings = allCases.map { ".\($0.rawValue)" }
  /// What `help` says of a parameter for such a file.
  static let summary = "a name that ends in .svg, .pdf or .png"
}

/// Why a figure could not be turned into another form.
public struct RenderingError: Error {
  /// What went wrong, and what would help.
  public let problem, remedy: String

  /// An error with a sentence and a remedy.
  public init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }
}

extension Workspace {
  /// Writes a figure in the form that the name of the file says, whole or not at all.
  func write(figure svg: String, to file: Given<String>, of command: (some Command).Type) throws(Diagnostic) {
    guard let form = FigureForm(of: file.value) else {
      throw command.unknownForm(file, FigureForm.endings)
    }
    if form == .svg { return try write(svg, to: file) }
    let bytes: [UInt8]
    do throws(RenderingError) { bytes = try world.render([UInt8](svg.utf8), form) } catch {
      throw Diagnostic(.notRendered(error), at: file.place)
    }
    try write(bytes, to: file)
  }
}
