// SPDX-License-Identifier: Apache-2.0

/// v(t) = 1 + a sin(2π(t/P + phase)), whose work is known in closed form.
struct SpeedWave: BitwiseCopyable, Sendable {
  /// P in seconds.
  let period: Double
  /// a, from 0 to 1.
  let amplitude: Double
  /// In periods.
  let phase: Double

  /// How far in its period, in periods, the wave is at `time`.
  private func place(_ time: Double) -> Double {
    let turns = (time / period).rounded(.down)
    let (product, error) = Elementary.exactProduct(turns, period)
    return ((time - product) - error) / period + phase
  }

  func speed(at time: Double) -> Double { speed(after: 0, from: place(time)) }

  /// 1 + a sin θ = (1 − a) + 2a sin²(θ/2 + π/4), of which nothing cancels where the speed is near 0.
  private func speed(after seconds: Double, from place: Double) -> Double {
    let sine = Elementary.sinPi(place + 0.25 + seconds / period)
    return (1 - amplitude) + 2 * amplitude * sine * sine
  }

  /// The work done between two times, in the order of which `start` is the first.
  func work(from start: Double, to end: Double) -> Double {
    let seconds = max(0, end - start)
    guard seconds < .infinity else { return .infinity }
    let whole = (seconds / period).rounded(.down) * period
    return whole + part(min(max(0, seconds - whole), period), from: place(start))
  }

  /// The work of `seconds` from 0 to P: with h = π·seconds/P,
  /// (1 − a)·seconds + a(P/π)((h − sin h) + 2 sin h sin²(π·place + π/4 + h/2)), a sum of positive terms.
  private func part(_ seconds: Double, from place: Double) -> Double {
    let share = seconds / period
    let sine = Elementary.sinPi(share)
    let middle = Elementary.sinPi(place + 0.25 + share / 2)
    let arc = Self.arcBeyondSine(share, sine: sine) + 2 * sine * middle * middle
    return (1 - amplitude) * seconds + amplitude * (period / .pi) * max(0, arc)
  }

  /// h − sin h for h = π · `share`.
  private static func arcBeyondSine(_ share: Double, sine: Double) -> Double {
    let h = .pi * share
    guard h < 0.5 else { return h - sine }
    // h³/3! − h⁵/5! + …, of which eight terms are enough.
    let square = h * h
    var sum = 1.0
    var term = 9.0
    while term > 1 {
      sum = 1 - square / ((2 * term) * (2 * term + 1)) * sum
      term -= 1
    }
    return h * square / 6 * sum
  }

  /// When `work`, not negative, is done that begins at `start`.
  ///
  /// Newton's method between bounds, some five steps.
  func end(from start: Double, work: Double) -> Double {
    guard work < .infinity else { return .infinity }
    let count = (work / period).rounded(.down)
    let rest = min(max(0, work - count * period), period)
    guard rest > 0 else { return start + count * period }
    let place = place(start)
    var (low, high) = (0.0, period)
    let first = speed(after: 0, from: place)
    var seconds = first > 0.1 ? min(rest / first, period) : rest
    var steps = 0
    while steps < 120 {
      steps += 1
      let missing = rest - part(seconds, from: place)
      if missing > 0 { low = seconds } else { high = seconds }
      if missing.magnitude <= 0x1p-52 * rest { break }
      let next = seconds + missing / speed(after: seconds, from: place)
      // Where the speed is near 0 a step can go anywhere.
      let inside = next > low && next < high && steps % 8 != 0
      let middle = inside ? next : low + (high - low) / 2
      if middle == seconds || middle <= low || middle >= high { break }
      seconds = middle
    }
    return start + (count * period + seconds)
  }
}
