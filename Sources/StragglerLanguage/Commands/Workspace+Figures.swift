// SPDX-License-Identifier: Apache-2.0

extension Workspace {
  /// Writes a figure in the form that the name of the file says, whole or not at all.
  func write(figure svg: String, to file: Given<String>, of command: (some Command).Type) throws(Diagnostic) {
    guard let form = FigureForm(of: file.value) else {
      throw command.unknownForm(file, FigureForm.endings)
    }
    if form == .svg { return try write(svg, to: file) }
    let bytes: [UInt8]
    do throws(RenderingError) { bytes = try world.render([UInt8](svg.utf8), form) } catch {
      throw Diagnostic(.notRendered(error.problem, remedy: error.remedy), at: file.place)
    }
    try write(bytes, to: file)
  }
}
