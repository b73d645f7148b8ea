// SPDX-License-Identifier: Apache-2.0

import StragglerCore

/// Text for the page, byte by byte, in memory that the page reads.
struct Words {
  private let bytes: Table<UInt8>
  private(set) var count = 0

  /// Text that is written into `bytes`; what is beyond them is cut off.
  init(_ bytes: Table<UInt8>) { self.bytes = bytes }

  mutating func removeAll() { count = 0 }

  mutating func append(_ text: StaticText) {
    guard text.value.hasPointerRepresentation else { return }
    for index in 0..<text.value.utf8CodeUnitCount { append(byte: unsafe text.value.utf8Start[index]) }
  }

  mutating func append(byte: UInt8) {
    guard count < bytes.count else { return }
    bytes[count] = byte
    count += 1
  }

  /// One line: what it begins with, and its columns after tabs.
  mutating func line(
    _ kind: StaticText, _ first: StaticText, _ second: StaticText = "", _ third: StaticText = "",
    _ fourth: StaticText = "", _ fifth: StaticText = ""
  ) {
    append(kind)
    for column in [first, second, third, fourth, fifth] {
      append(byte: 9)
      append(column)
    }
    append(byte: 10)
  }

  /// What is wrong, and what would be right.
  mutating func append(_ error: SetupError) {
    switch error {
    case .outOfMemory: append("the run needs more memory than can be had")
    case .notFinite: append("the model at the start is infinite or no number")
    case .invalid(let key, let expected):
      append(key)
      append("= takes ")
      append(expected)
    case .noTheory(let key, let missing):
      append(key)
      append("= was left to the theory, which needs the ")
      append(missing.words)
      append(" of the problem, and that is not known: give ")
      append(key)
      append("=")
    case .excessive(let key, let limit):
      append(key)
      append("= was left to the theory, whose value is above ")
      append(limit)
    case .unfinished: append("the set-up has not ended")
    case .impossible(let what, let remedy):
      append(what)
      append(": ")
      append(remedy)
    }
  }
}
