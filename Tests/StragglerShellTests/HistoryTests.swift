// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerShell

@Suite struct HistoryTests {
  @Test func theFileStandsWhereTheUserSays() {
    func path(_ environment: [String: String]) -> String? { History.standardPath { environment[$0] } }
    let all = ["STRAGGLER_HISTORY": "/h", "XDG_STATE_HOME": "/state", "HOME": "/home/me"]
    #expect(path(all) == "/h")
    #expect(path(all.filter { $0.key != "STRAGGLER_HISTORY" }) == "/state/straggler/history")
    #expect(path(["HOME": "/home/me"]) == "/home/me/.local/state/straggler/history")
    #expect(path(["STRAGGLER_HISTORY": "", "HOME": "/home/me"]) == nil)
    #expect(path(["XDG_STATE_HOME": "relative", "HOME": "/me"]) == "/me/.local/state/straggler/history")
    #expect(path([:]) == nil)
  }

  @Test func blankAndRepeatedLinesAreLeftOut() {
    let history = History(path: nil) { _ in }
    for line in ["a", "", "  ", "a", "b", "a"] { history.add(line) }
    #expect(history.lines == ["a", "b", "a"])
  }

  @Test func sessionsShareAFile() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/new/folders/history"
    let (first, second) = (History(path: path) { _ in }, History(path: path) { _ in })
    first.add("a")
    second.add("b")
    first.add("c")
    #expect(History(path: path) { _ in }.lines == ["a", "b", "c"])
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(permissions == 0o600)
  }

  @Test func onlyTheNewestLinesOfALongFileAreRead() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = (1...5_000).map { "echo \($0)\n" }.joined()
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/history"))
    let lines = History(path: folder + "/history") { _ in }.lines
    #expect(lines.count == 1_000)
    #expect(lines.last == "echo 5000")
  }
}
