import StragglerLab

/// One figure: what was measured, its value and unit.
struct Figure {
  let group: String
  let name: String
  let value: Double
  let unit: String
}

/// Takes figures and prints them, as text or as JSON lines.
struct Benchmark {
  let isJSON: Bool
  /// Only groups whose name begins with this are run.
  let filter: String
  /// Seconds that a figure may take.
  let seconds: Double

  func includes(_ group: String) -> Bool { filter.isEmpty || group.hasPrefix(filter) }

  func report(_ group: String, _ name: String, _ value: Double, _ unit: String) {
    if isJSON {
      print("{\"group\":\"\(group)\",\"name\":\"\(name)\",\"value\":\(value),\"unit\":\"\(unit)\"}")
    } else {
      print(
        "\(pad(group, 12))  \(pad(name, 44))  \(pad(NumberText.brief(value, digits: 4), 12, left: false)) \(unit)"
      )
    }
  }

  private func pad(_ text: String, _ width: Int, left: Bool = true) -> String {
    let blanks = String(repeating: " ", count: max(0, width - text.count))
    return left ? text + blanks : blanks + text
  }

  /// The seconds that `body`, which does its work `times` times over, takes once: the median of nine measurements,
  /// each long enough for the clock.
  func secondsPerCall(_ body: (_ times: Int) -> Void) -> Double {
    var times = 1
    while true {
      let elapsed = measure { body(times) }
      if elapsed > seconds / 20 || times > 1 << 40 { break }
      times *= 2
    }
    var samples: [Double] = []
    for _ in 0..<9 { samples.append(measure { body(times) } / Double(times)) }
    return samples.sorted()[4]
  }

  /// The seconds that `body` takes.
  func measure<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Double {
    let start = ContinuousClock.now
    try body()
    let elapsed = (ContinuousClock.now - start).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }
}

/// Keeps a result alive, so that the work for it is not optimised away.
@inline(never)
func consume<Value>(_ value: Value) {}
