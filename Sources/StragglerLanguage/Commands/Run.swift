extension Command {
  static let run = Command(
    "run", usage: "run STOP…", summary: "runs until the first of the conditions",
    details: """
      Conditions are counts and times from iteration 0 on, and comparisons such as `gradnorm2<1e-4`, \
      `gap<1e-6` or `accuracy>0.9`. A run that a condition ends is at an update at which it holds, and at \
      most 2 % of the updates before, or one, it was seen not to hold; where finding that would cost more \
      than the run itself and a second, a note and `time_resolution` say how many seconds the time may be \
      too long: from the last look at which it did not hold, or, where it comes and goes, from the first \
      behind which looks were too far apart to tell. If no event can ever come, because all workers are \
      stuck, or time stands still, because jobs take none, the run stops and says so.
      """,
    keys: stops, takesConditions: true)

  /// When a run stops.
  static let stops = [
    CommandKey("steps", .integer(0...ValueKind.largestInteger), "updates of the model"),
    CommandKey("time", .nonnegative, "simulated seconds"),
    CommandKey("arrivals", .integer(0...ValueKind.largestInteger), "gradients delivered to the server"),
  ]
}
