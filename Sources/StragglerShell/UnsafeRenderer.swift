// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Turns figures into other forms, with librsvg's program.
enum Renderer {
  private static let program = "rsvg-convert"
  /// What the program may know of the environment: where it and its fonts are.
  private static let variables = ["PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH"]

  /// The figure `svg` in another form. Throws where the program is missing, or says that it failed.
  ///
  /// It is started directly, without a shell, and reads and writes files without names.
  static func render(_ svg: [UInt8], _ form: FigureForm) throws(RenderingError) -> [UInt8] {
    // Two pixels for a unit, so that text is sharp on paper.
    let arguments = ["--format=\(form.rawValue)"] + (form == .png ? ["--zoom=2"] : [])
    let ended: (status: Int32, output: [UInt8], errors: [UInt8])
    do throws(System.Failure) { ended = try run(arguments, input: svg) } catch {
      guard error.isMissing else {
        throw RenderingError("\(program) cannot be started: \(error.description)", remedy: svgRemedy)
      }
      throw RenderingError(
        "\(program), which makes .\(form.rawValue) files, is not installed",
        remedy: "install the package librsvg2-bin, or " + svgRemedy)
    }
    guard ended.status == 0, !ended.output.isEmpty else {
      let words = String(decoding: ended.errors, as: UTF8.self).split(separator: "\n").first
      throw RenderingError(
        "\(program) failed: \(words.map(String.init) ?? "status \(ended.status)")", remedy: svgRemedy)
    }
    return ended.output
  }

  private static let svgRemedy = "give a name that ends in .svg"

  /// Runs the program and waits for its end.
  private static func run(
    _ arguments: [String], input: [UInt8]
  ) throws(System.Failure) -> (status: Int32, output: [UInt8], errors: [UInt8]) {
    let (source, output, errors) = (try ScratchFile(), try ScratchFile(), try ScratchFile())
    try System.write(input, to: source.descriptor)
    try source.rewind()
    // Without the epoch a PDF says when it was made.
    let environment =
      variables.compactMap { name in System.environment(name).map { "\(name)=\($0)" } }
      + ["SOURCE_DATE_EPOCH=0"]
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (file, descriptor) in [(source, 0), (output, 1), (errors, 2)] as [(ScratchFile, Int32)] {
      unsafe posix_spawn_file_actions_adddup2(&actions, file.descriptor, descriptor)
    }
    var process = pid_t()
    let failure = unsafe withCStrings([program] + arguments) { words in
      unsafe withCStrings(environment) { variables in
        unsafe posix_spawnp(&process, program, &actions, nil, words, variables)
      }
    }
    guard failure == 0 else { throw System.Failure(code: failure) }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0 {
      guard System.Failure.last.isInterruption else { throw .last }
    }
    return (status, try output.contents(), try errors.contents())
  }

  /// What `body` makes of `strings` as C has them, ended by a null pointer.
  private static func withCStrings(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Int32
  ) -> Int32 {
    let words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    for (index, string) in strings.enumerated() { unsafe words[index] = strdup(string) }
    unsafe words[strings.count] = nil
    defer {
      for index in strings.indices { unsafe free(words[index]) }
      unsafe words.deallocate()
    }
    return unsafe body(words)
  }
}

/// A file without a name, which is gone when it is closed.
@safe
private final class ScratchFile {
  private let file: UnsafeMutablePointer<FILE>

  init() throws(System.Failure) {
    guard let file = unsafe tmpfile() else { throw .last }
    unsafe self.file = unsafe file
  }

  deinit { unsafe fclose(file) }

  var descriptor: Int32 { unsafe fileno(file) }

  func rewind() throws(System.Failure) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .last }
  }

  /// All that is in it.
  func contents() throws(System.Failure) -> [UInt8] {
    try rewind()
    var bytes: [UInt8] = []
    while true {
      let part = try System.read(descriptor)
      if part.isEmpty { return bytes }
      bytes += part
    }
  }
}
