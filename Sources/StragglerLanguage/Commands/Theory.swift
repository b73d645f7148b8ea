extension Command {
  static let theory = Command(
    "theory", usage: "theory [METHOD…]", summary: "predicted parameters and time complexities of the fleet",
    details: """
      For every method whose theorem is about problems like this one, or for those named: γ, K updates and the \
      seconds that they take at most until the goal of `target` is reached, with the constants of the papers; table is \
      the complexity without constants, lower_bound what no method goes below, up to a constant. Parameters are those \
      that a run takes where they are left out; keys given by `method` count, but not gamma=. A METHOD in quotes has \
      keys of its own, and may have a label=, as for `compare`. They come in the order \
      of table. Random durations enter with their means; \
      msync, minibatch and rennala say more of them. Durations that hang together in time, markov(…) and replayed \
      recordings, are simulated: then nothing is a theorem or a bound. A method that cannot run here has a row with the \
      reason; without names, those left out are named. Afterwards the numbers are variables: `theory_rennala_time`. Docs/Theory.md has every formula.
      """,
    parameters: [
      Parameter("METHOD", .word(.settings), "a method, in quotes with keys of its own", presence: .any)
    ])
}
