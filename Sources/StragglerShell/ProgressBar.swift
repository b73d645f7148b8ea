// SPDX-License-Identifier: Apache-2.0

import StragglerLanguage
import Synchronization

/// Shows the progress of a long command. It can be updated from any thread.
///
/// On a terminal it is a bar: nothing is drawn for a command that takes less than a third of a second, nor
/// more often than ten times a second. Elsewhere it is a line every ten seconds.
final class ProgressBar: Sendable {
  /// Where progress is shown.
  enum Form: Sendable { case bar, lines, none }

  private struct State {
    var start: Double?
    /// The fraction that was done then.
    var origin = 0.0
    var next = 0.0
    var isDrawn = false
  }

  private let descriptor: Int32
  private let form: Form
  private let clock: @Sendable () -> Double
  private let state = Mutex(State())

  /// Seconds until something is shown first, and from then on.
  private var patience: Double { form == .bar ? 0.3 : 10 }
  private var interval: Double { form == .bar ? 0.1 : 10 }

  init(descriptor: Int32, form: Form, clock: @escaping @Sendable () -> Double = { System.seconds }) {
    self.descriptor = descriptor
    self.form = form
    self.clock = clock
  }

  /// A command has done `fraction` (from 0 to 1; NaN if it cannot be known) of its work; `label` says where
  /// it is.
  func update(_ fraction: Double, _ label: @autoclosure () -> String) {
    guard form != .none else { return }
    let now = clock()
    state.withLock { state in
      guard state.start != nil else {
        (state.start, state.next) = (now, now + patience)
        state.origin = fraction
        return
      }
      guard now >= state.next else { return }
      state.next = now + interval
      let left = Self.left(fraction, since: state.origin, elapsed: now - (state.start ?? now))
      guard form == .bar else {
        let part = fraction >= 0 ? "\(Int((min(1, fraction) * 100).rounded(.down))) %, " : ""
        return draw("straggler: progress: \(part)\(TerminalSafety.line(label() + left))\n")
      }
      state.isDrawn = true
      draw(
        "\r" + Self.line(fraction, label() + left, columns: System.columns(of: descriptor) ?? 80) + "\u{1B}[K"
      )
    }
  }

  /// Takes the bar off the terminal, so that something else can be written. The next update draws it again.
  func clear() {
    guard form == .bar else { return }
    state.withLock { erase(&$0) }
  }

  /// The command has ended.
  func finish() {
    guard form != .none else { return }
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
