extension Command {
  static let plot = Command(
    "plot", usage: "plot [FILE] [x=…] [y=…] [logx] [logy] [title=…]",
    summary: "the traces of the last run or comparison",
    details:
      "To the terminal, or to an .svg file. With several seeds a band shows the smallest and largest value.",
    parameters: [Parameter("FILE", .path, "a name that ends in .svg", presence: .optional)],
    keys: [
      CommandKey("x", .word(.fixed(quantities)), "the quantity on the horizontal axis", standard: "time"),
      CommandKey("y", .word(.fixed(quantities)), "the quantity on the vertical axis", standard: "accuracy, gap or loss"),
      title,
    ],
    flags: [Flag("logx", "a logarithmic horizontal axis"), Flag("logy", "a logarithmic vertical axis")])

  static let title = CommandKey("title", .text, "what stands above the figure")
}
