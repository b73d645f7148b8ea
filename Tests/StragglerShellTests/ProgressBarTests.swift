// SPDX-License-Identifier: Apache-2.0

import CProcess
import Foundation
import Synchronization
import Testing

@testable import StragglerShell

@Suite struct ProgressBarTests {
  @Test func theLineFitsTheTerminal() {
    #expect(ProgressBar.line(0.5, "asgd 12", columns: 40) == "[======       ]  50 %  asgd 12")
    #expect(ProgressBar.line(1, "done", columns: 37) == "[============] 100 %  done")
    for columns in 0..<100 {
      for fraction in [0, 0.999, 1, 7, -1, .nan, .infinity] {
        #expect(ProgressBar.line(fraction, "a long label", columns: columns).count <= max(0, columns - 1))
      }
    }
    // The progress is unknown.
    #expect(ProgressBar.line(.nan, "asgd 12", columns: 80) == "asgd 12")
    #expect(ProgressBar.line(0.999, "", columns: 80).contains(" 99 %"))
  }

  @Test func theTimeLeftIsToldAsFarAsItIsKnown() {
    #expect(ProgressBar.left(0.5, since: 0, elapsed: 30) == ", 30 s left")
    #expect(ProgressBar.left(0.1, since: 0, elapsed: 10) == ", 1 min 30 s left")
    #expect(ProgressBar.left(0.1, since: 0, elapsed: 1_000) == ", 2 h 30 min left")
    #expect(ProgressBar.left(0.01, since: 0, elapsed: 10_000) == ", 11 d left")
    // What was done before the start took no time.
    #expect(ProgressBar.left(0.75, since: 0.5, elapsed: 30) == ", 30 s left")
    for fraction in [0, 1, 7, -1, .nan, .infinity] {
      #expect(ProgressBar.left(fraction, since: 0, elapsed: 9) == "")
    }
    #expect(ProgressBar.left(0.5, since: 0, elapsed: .infinity) == "")
  }

  /// What a bar draws while a clock is moved by hand.
  private func drawn(
    _ form: ProgressBar.Form = .bar, _ body: (_ bar: ProgressBar, _ wait: (Double) -> Void) -> Void
  ) -> String {
    var ends: [Int32] = [-1, -1]
    guard support_pipe(&ends) == 0 else { return "" }
    let now = Clock()
    let bar = ProgressBar(descriptor: ends[1], form: form, clock: { now.time })
    body(bar) { now.advance($0) }
    close(ends[1])
    defer { close(ends[0]) }
    return String(decoding: (try? System.read(ends[0])) ?? [], as: UTF8.self)
  }

  private final class Clock: Sendable {
    private let seconds = Mutex(0.0)
    var time: Double { seconds.withLock { $0 } }
    func advance(_ step: Double) { seconds.withLock { $0 += step } }
  }

  @Test func shortWorkShowsNoBar() {
    let text = drawn { bar, wait in
      for _ in 0..<10 {
        bar.update(0.5, "x")
        wait(0.02)
      }
      bar.finish()
    }
    #expect(text.isEmpty)
  }

  @Test func longWorkIsDrawnTenTimesASecond() {
    let text = drawn { bar, wait in
      for step in 0..<1_000 {
        bar.update(Double(step) / 1_000, "x")
        wait(0.001)
      }
      bar.finish()
    }
    // From 0.3 seconds to 1 second, and once to erase it.
    #expect((6...9).contains(text.split(separator: "\r").count))
    #expect(text.hasSuffix("\r\u{1B}[K"))
  }

  /// In a file or a pipe a line comes every ten seconds.
  @Test func elsewhereThereIsALineEveryTenSeconds() {
    func work(_ form: ProgressBar.Form, seconds: Int) -> String {
      drawn(form) { bar, wait in
        for step in 0...seconds {
          bar.update(Double(step) / 40, "sweep 3/7")
          wait(1)
        }
        bar.clear()
        bar.finish()
      }
    }
    #expect(
      work(.lines, seconds: 35)
        == "straggler: progress: 25 %, sweep 3/7, 30 s left\n"
        + "straggler: progress: 50 %, sweep 3/7, 20 s left\n"
        + "straggler: progress: 75 %, sweep 3/7, 10 s left\n")
    #expect(work(.lines, seconds: 9).isEmpty && work(.none, seconds: 35).isEmpty)
  }

  @Test func anotherTextTakesTheBarAway() {
    let text = drawn { bar, wait in
      bar.update(0, "x")
      wait(1)
      bar.update(0.5, "x")
      bar.clear()
      bar.clear()
    }
    #expect(text.split(separator: "\r").count == 2)
    #expect(text.hasSuffix("\r\u{1B}[K"))
  }
}
