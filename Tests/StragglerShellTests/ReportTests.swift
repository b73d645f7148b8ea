// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `report` through the built program.
@Suite struct ReportTests {
  @Test func aScriptMakesItsPage() throws {
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script = """
      workers 5 tau=i; method rennala gamma=0.5 batch=2; compare rennala hero time=arg1; plot logy
      report page.html
      """
    try Data(script.utf8).write(to: URL(fileURLWithPath: folder + "/small.straggler"))
    var pages: [String] = []
    for threads in ["1", "2"] {
      let result = try run(["--threads", threads, "small.straggler", "30"], folder: folder)
      #expect(result.status == 0 && result.errors.isEmpty)
      pages.append(try String(contentsOfFile: folder + "/page.html", encoding: .utf8))
    }
    #expect(pages[0] == pages[1])
    #expect(pages[0].contains("<title>Straggler: small.straggler</title>"))
    #expect(pages[0].contains("compare rennala hero time=arg1  # arg1 = 30"))
    #expect(pages[0].hasSuffix("</html>\n"))
    // A folder that is not there: an error, and nothing is left behind.
    let result = try run(["-c", "report no/page.html"], folder: folder)
    #expect(result.status == 1 && result.errors.contains("no/page.html"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == [
        "page.html", "small.straggler",
      ]
    )
  }
}
