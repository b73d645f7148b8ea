extension Command {
  static let plot = Command(
    "plot", usage: "plot [FILE] [x=…] [y=…] [logx] [logy] | plot topology [FILE]",
    summary: "the traces of the last run or comparison, or the network",
    details: """
      To the terminal, or to an .svg file. With several seeds a band shows the smallest and largest value. \
      With `topology`, the network with the pivot and the trees of the method, or else of the graph's centre.
      """,
    parameters: [Parameter("FILE", .path, "a name that ends in .svg", presence: .optional)],
    keys: [
      CommandKey("x", .word(.fixed(quantities)), "the quantity on the horizontal axis", standard: "time"),
      CommandKey("y", .word(.fixed(quantities)), "the quantity on the vertical axis", standard: "gradnorm2"),
    ],
    flags: [
      Flag("topology", "the network in place of the traces"), Flag("logx", "a logarithmic horizontal axis"),
      Flag("logy", "a logarithmic vertical axis"),
    ])
}
