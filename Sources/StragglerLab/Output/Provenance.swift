// SPDX-License-Identifier: Apache-2.0

/// Where a saved result comes from: the program's version and the commands that make it again, the seed among
/// them.
public struct Provenance: Sendable {
  /// The version of the program.
  public static let version = "0.2.0"

  /// The script that the commands come from, if there is one.
  public let script: String?
  /// The commands, one a line.
  public let commands: [String]

  /// The origin of a result of `commands`.
  public init(script: String?, commands: [String]) {
    self.script = script
    self.commands = commands
  }

  /// The figure `svg`, of this library, with a `metadata` element that says where it comes from.
  public func annotated(svg: String) -> String {
    // What users name is escaped, so that the first one is the sheet of the figure.
    guard let place = svg.firstRange(of: "<style>") else { return svg }
    let origin = "straggler \(Self.version)" + (script.map { ", \($0)" } ?? "")
    // Escaped line by line: line feeds stay.
    let lines = ([origin] + commands).map { SVGWriter.escaped($0) }
    return svg[..<place.lowerBound] + "<metadata>\n\(lines.joined(separator: "\n"))\n</metadata>\n"
      + svg[place.lowerBound...]
  }

  /// The object `value` with members that say where it comes from.
  public func annotated(_ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return value }
    return .object(
      members + [
        JSONValue.Member("version", .string(Self.version)),
        JSONValue.Member("commands", .array(commands.map { .string($0) })),
      ])
  }
}
