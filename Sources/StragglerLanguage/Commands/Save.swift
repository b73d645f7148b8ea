extension Command {
  static let save = Command(
    "save", usage: "save FILE", summary: "the trace or the last table to a .csv or .json file",
    details: "The file is written whole or not at all.",
    parameters: [Parameter("FILE", .path, "a name that ends in .csv or .json")])
}
