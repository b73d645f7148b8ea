// SPDX-License-Identifier: Apache-2.0

// Checks of runs over the ranks of an MPI job: every rank carries out the same list of them. `--throughput`
// measures in place of checking.

#if MPI
  import StragglerMPI

  let ranks = try Ranks.start()
  if CommandLine.arguments.contains("--throughput") {
    try measureThroughput(ranks)
  } else {
    var checks = Checks(ranks)
    try checks.all()
    if checks.failures > 0 { ranks.abort(status: 1) }
    if ranks.isFirst { print("\(checks.count) checks over \(ranks.count) ranks: all hold") }
  }
  try ranks.finish()
#else
  print("RankTests is built by: swift build --traits MPI,LineEditing --product RankTests")
#endif
