// SPDX-License-Identifier: Apache-2.0

/// Seconds measured on a given clock, in multiples of 2⁻³⁰ s.
///
/// Sums and differences of such numbers are exact in double precision for 97 days. Therefore a job's start
/// plus its recorded duration is its end to the last bit, and a record replays in the order in which things
/// happened.
@usableFromInline
package struct Stopwatch: Sendable {
  @inlinable package static var tick: Double { 0x1p-30 }

  /// Seconds since the watch was made, plus the seconds that it began with.
  @usableFromInline package let now: @Sendable () -> Double

  @inlinable
  package init<C: Clock>(_ clock: C, from start: Double) where C.Duration == Duration {
    let origin = clock.now
    now = {
      let (seconds, attoseconds) = origin.duration(to: clock.now).components
      let fraction = (Double(attoseconds) * 1e-18 / Self.tick).rounded(.down) * Self.tick
      return start + (Double(seconds) + fraction)
    }
  }
}
