// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage
import Synchronization

/// A bar on the terminal that shows the progress of a long command. It can be updated from any thread.
///
/// Nothing is drawn for a command that takes less than a third of a second, nor more often than ten times a
/// second.
final class ProgressBar: Sendable {
  private struct State {
    var start: Double?
    /// The fraction that was done then.
    var origin = 0.0
    var next = 0.0
    var isDrawn = false
  }

  private static let patience = 0.3
  private static let interval = 0.1

  private let descriptor: Int32
  private let isShown: Bool
  private let clock: @Sendable () -> Double
  private let state = Mutex(State())

  init(descriptor: Int32, isShown: Bool, clock: @escaping @Sendable () -> Double = { System.seconds }) {
    self.descriptor = descriptor
    self.isShown = isShown
    self.clock = clock
  }

  /// A command has done `fraction` (from 0 to 1; NaN if it cannot be known) of its work; `label` says where
  /// it is.
  func update(_ fraction: Double, _ label: @autoclosure () -> String) {
    guard isShown else { return }
    let now = clock()
    state.withLock { state in
      guard state.start != nil else {
        (state.start, state.next) = (now, now + Self.patience)
        state.origin = fraction
        return
      }
      guard now >= state.next else { return }
      state.next = now + Self.interval
      state.isDrawn = true
      let left = Self.left(fraction, since: state.origin, elapsed: now - (state.start ?? now))
      draw(
        "\r" + Self.line(fraction, label() + left, columns: System.columns(of: descriptor) ?? 80) + "\u{1B}[K"
      )
    }
  }

  /// Takes the bar off the terminal, so that something else can be written. The next update draws it again.
  func clear() {
    guard isShown else { return }
    state.withLock { erase(&$0) }
  }

  /// The command has ended.
  func finish() {
    guard isShown else { return }
    state.withLock { state in
      erase(&state)
      state.start = nil
    }
  }

  private func erase(_ state: inout State) {
    if state.isDrawn { draw("\r\u{1B}[K") }
    state.isDrawn = false
  }

  private func draw(_ text: String) {
    // A failure to draw the bar is ignored.
    try? System.write([UInt8](text.utf8), to: descriptor)
  }

  /// The time left at the speed so far, in words; empty where it is unknown.
  static func left(_ fraction: Double, since origin: Double, elapsed: Double) -> String {
    guard fraction > origin, fraction < 1 else { return "" }
    let rest = elapsed * (1 - fraction) / (fraction - origin)
    guard let seconds = Int(exactly: rest.rounded(.up)) else { return "" }
    let (minutes, hours) = (seconds / 60, seconds / 3_600)
    if hours >= 48 { return ", \(hours / 24) d left" }
    if hours >= 1 { return ", \(hours) h \(minutes % 60) min left" }
    return minutes >= 1 ? ", \(minutes) min \(seconds % 60) s left" : ", \(seconds) s left"
  }

  /// The bar, the percentage and as much of the label as the terminal has room for.
  static func line(_ fraction: Double, _ label: String, columns: Int) -> String {
    let room = max(0, columns - 1)
    let label = TerminalSafety.line(label)
    guard fraction >= 0 else { return String(label.prefix(room)) }
    let part = min(1, fraction)
    let width = max(10, min(40, room / 3))
    let filled = Int((part * Double(width)).rounded(.down))
    let bar = String(repeating: "=", count: filled) + String(repeating: " ", count: width - filled)
    let percent = String(Int((part * 100).rounded(.down)))
    let number = String(repeating: " ", count: 3 - percent.count) + percent
    return String("[\(bar)] \(number) %  \(label)".prefix(room))
  }
}
