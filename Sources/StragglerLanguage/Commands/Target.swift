extension Command {
  static let target = Command(
    "target", usage: "target epsilon=…", summary: "the accuracy that theory and `auto` parameters aim at",
    details: "Parameters that are left to the theory make the mean of ‖∇f‖² at most ε.",
    keys: [CommandKey("epsilon", .positive, "ε, the squared norm of the gradient to reach", standard: "1e-4")]
  )
}
