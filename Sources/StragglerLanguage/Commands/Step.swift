extension Command {
  static let step = Command(
    "step", usage: "step [N]", summary: "N updates of the model",
    parameters: [Parameter("N", .count, "how many updates; 1 if left out", presence: .optional)])
}
