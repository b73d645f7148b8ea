// SPDX-License-Identifier: Apache-2.0

public import StragglerLab

/// The program `straggler`: its arguments, prompt, scripts and reports, with the methods, problems and laws
/// of a catalogue.
///
/// Your own program gets all of it, for your own methods, problems and laws too:
///
///     var catalogue = Catalogue()
///     catalogue.add(MyMethod.self)
///     Shell(catalogue: catalogue).main()
public struct Shell: Sendable {
  /// The methods, problems and laws that commands can name.
  public var catalogue: Catalogue

  /// A shell whose commands can name everything in `catalogue`.
  public init(catalogue: Catalogue = Catalogue()) { self.catalogue = catalogue }

  /// Runs with the arguments of the process and ends it.
  ///
  /// The status is 0 where all went well, 1 after a command that failed, 2 after wrong arguments, 3 after an
  /// `expect` that did not hold, and 129, 130 or 143 after the signals SIGHUP, SIGINT and SIGTERM.
  public func main() -> Never {
    System.exit(Program(catalogue: catalogue).run(Array(CommandLine.arguments.dropFirst())))
  }
}
