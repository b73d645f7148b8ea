internal import StragglerLab

/// The pages of `help`, from the table and the catalogue.
public struct HelpPage: Sendable {
  static let topics = ["expressions", "distributions"]

  let table: CommandTable
  let catalogue: Catalogue

  public static func overview(_ table: CommandTable = .standard) -> String { "" }
}
