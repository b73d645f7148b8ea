extension Command {
  static let plot = Command(
    "plot", usage: "plot [FILE] [x=…] [y=…] [logx] [logy] [title=…] | plot topology [FILE]",
    summary: "the traces of the last run or comparison, a table, or the network",
    details: """
      To the terminal, or to an .svg file. With several seeds a band shows the smallest and largest value. Of a \
      `table` x= and y= are columns; rows with the same text in the column by= are one curve, and rows with the \
      same x in it one point, the mean with its band. With `topology`, the network with the pivot and the trees \
      of the method, or else of the graph's centre. A file says in its `metadata` which version and commands made it.
      """,
    parameters: [Parameter("FILE", .path, "a name that ends in .svg", presence: .optional)],
    keys: [
      CommandKey("x", .name, words: quantities, "the quantity on the horizontal axis", standard: "time"),
      CommandKey(
        "y", .name, words: quantities, "the quantity on the vertical axis", standard: "accuracy, gap or loss"),
      CommandKey(
        "by", .name, "the column of a table that names the curves", standard: "the first with texts"),
      title,
    ],
    flags: [
      Flag("topology", "the network in place of the traces"), Flag("logx", "a logarithmic horizontal axis"),
      Flag("logy", "a logarithmic vertical axis"),
    ])

  static let title = CommandKey("title", .text, "what stands above the figure")
}
