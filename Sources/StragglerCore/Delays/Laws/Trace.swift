// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// Recorded durations, whose memory the caller keeps alive.
  public static func trace(_ recording: Recording) -> Delay {
    Delay(library: TraceLaw(recording: recording))
  }
}

/// The empirical law of a recording: every recorded duration with equal probability.
struct TraceLaw: LibraryLaw {
  static var name: StaticText { "trace" }
  static var summary: StaticText { "recorded durations, replayed in order or drawn at random" }
  static var code: LawCode { { Self.answer($0) } }

  var recording = Recording()

  /// Recordings are checked when they are made.
  mutating func parameters(_ parameters: inout LawParameters) {}

  /// What is replayed follows the order of its recording.
  var isIndependent: Bool {
    recording.order == .bootstrap || recording.sorted(0) == recording.sorted(recording.count - 1)
  }

  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    switch recording.order {
    case .replay:
      let index = (job &- 1) % recording.count
      return recording[index < 0 ? index + recording.count : index]
    case .bootstrap:
      return recording[stream.integer(below: recording.count)]
    }
  }

  func cdf(_ t: Double) -> Double {
    return Double(recording.rank(of: t)) / Double(recording.count)
  }

  /// The smallest recorded duration that works, by the same division as in `cdf`.
  func quantile(_ p: Double) -> Double {
    let count = Double(recording.count)
    var rank = max(1, (p * count).rounded(.up))
    if rank > 1 && (rank - 1) / count >= p { rank -= 1 }
    if rank / count < p { rank += 1 }
    return recording.sorted(Int(min(rank, count)) - 1)
  }

  var mean: Double {
    return recording.sum(ofShortest: recording.count) / Double(recording.count)
  }

  func partialMean(_ t: Double) -> Double {
    return recording.sum(ofShortest: recording.rank(of: t)) / Double(recording.count)
  }

  /// Every recorded duration is tried, the shortest first, until none can be better. O(n).
  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    var best = (t: 0.0, gain: 0.0)
    for rank in 0..<recording.count {
      let t = recording.sorted(rank)
      guard gain.at(t, 1) > best.gain else { break }
      // Of equal durations the last one has the full probability; the others are smaller gains.
      let value = gain.at(t, Double(rank + 1) / Double(recording.count))
      if value > best.gain { best = (t, value) }
    }
    return best.t
  }

  var largestFinite: Double {
    let most = quantile(1)
    return most < .infinity ? most : quantile(cdf(Delay.longest))
  }
  var isSure: Bool { recording.order == .replay }
  var isDiscrete: Bool { true }
  func isSame(as other: TraceLaw) -> Bool { false }
}
