extension Command {
  static let source = Command(
    "source", usage: "source FILE", summary: "runs the commands of a file",
    details: "A relative name counts from the file that names it. A file cannot run itself.",
    parameters: [Parameter("FILE", .path, "a script")])
}
