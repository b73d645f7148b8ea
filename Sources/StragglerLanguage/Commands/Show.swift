extension Command {
  static let show = Command(
    "show", usage: "show [problem|workers|topology|method|all]",
    summary: "the configuration as commands that recreate it",
    parameters: [
      Parameter(
        "WHAT", .word(.fixed(["problem", "workers", "topology", "method", "all"])),
        "which part; all if left out",
        presence: .optional)
    ])
}
