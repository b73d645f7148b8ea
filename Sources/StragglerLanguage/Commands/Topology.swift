extension Command {
  static let topology = Command(
    "topology", usage: "topology KIND key=value… | topology file \"F\" [directed=true]",
    summary: "who is linked to whom, for decentralised methods",
    details: """
      The workers are the nodes. star: all linked to one; line; ring; grid: rows of equal length, linked to the \
      neighbours; torus: a grid whose rows and columns are rings; complete: everybody to everybody; tree: node i \
      hangs on node ceil((i-1)/branching); random(degree): random cycles and pairings, connected. All links go both \
      ways. link= and link_per_coordinate= are expressions for the link from node i to node j, such as \
      link=1+abs(i-j); inf is no link. A file has rows from,to,seconds and perhaps a fourth column, the seconds \
      for a coordinate. Methods with a server pay no attention. The run starts again from iteration 0.
      """,
    parameters: [
      Parameter(
        "KIND",
        .word(
          .fixed(["star", "line", "ring", "grid", "torus", "complete", "tree", "random(degree)", "file"])),
        "the shape of the graph"),
      Parameter("FILE", .path, "for file: a list of links", presence: .optional),
    ],
    keys: [
      CommandKey("link", .perLink, "seconds for a message from node i to node j", standard: "0"),
      CommandKey(
        "link_per_coordinate", .perLink, "seconds for a coordinate of a message", standard: "0"),
      CommandKey("rows", .count, "rows of a grid or torus", standard: "√n"),
      CommandKey("center", .count, "the middle of a star", standard: "1"),
      CommandKey("branching", .count, "branches of a tree's nodes", standard: "2"),
      CommandKey(
        "directed", .flag, "whether a row of the file is a link in one direction only", standard: "false"),
    ])
}
