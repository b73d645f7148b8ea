/// Seconds on somebody's clock, in multiples of 2⁻³⁰ s.
///
/// Sums and differences of such numbers are exact in double precision for 97 days. So a job's start plus its recorded
/// duration is its end to the last bit, and a record replays in the order in which things happened.
struct Stopwatch: Sendable {
  static let tick = 0x1p-30

  /// Seconds since the watch was made, plus the seconds that it began with.
  let now: @Sendable () -> Double

  init<C: Clock>(_ clock: C, from start: Double) where C.Duration == Duration {
    let origin = clock.now
    now = {
      let (seconds, attoseconds) = origin.duration(to: clock.now).components
      let fraction = (Double(attoseconds) * 1e-18 / Self.tick).rounded(.down) * Self.tick
      return start + (Double(seconds) + fraction)
    }
  }
}
