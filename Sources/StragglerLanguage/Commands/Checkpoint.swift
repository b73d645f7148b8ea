extension Command {
  static let checkpoint = Command(
    "checkpoint", usage: "checkpoint FILE", summary: "the whole state of a run to a file",
    details: """
      The configuration, the trace and the vectors; files that the configuration names are not in it. \
      The file is written whole or not at all.
      """,
    parameters: [Parameter("FILE", .path, "where to")])

  static let restore = Command(
    "restore", usage: "restore FILE", summary: "the configuration and state of a run from a file",
    details: """
      What follows is bit-identical to not having stopped. The events are gone through again, without gradients. \
      Where the file cannot be restored, everything stays as it was.
      """,
    parameters: [Parameter("FILE", .path, "what checkpoint wrote")])
}
