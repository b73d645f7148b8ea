// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import StragglerData

@Suite struct RecordedLinksTests {
  private func parse(_ text: String, isDirected: Bool = false) throws(DataError) -> [RecordedLinks.Row] {
    try RecordedLinks.parse(Array(text.utf8), isDirected: isDirected).rows
  }

  @Test func readsLinksBothWays() throws {
    let rows = try parse("from,to,seconds\n1,2,0.5\n# a comment\n\n2;3,1\n".replacing(";", with: ","))
    #expect(rows.map { [$0.from, $0.to, $0.line] } == [[1, 2, 2], [2, 1, 2], [2, 3, 5], [3, 2, 5]])
    #expect(rows.map(\.seconds) == [0.5, 0.5, 1, 1])
    #expect(rows.allSatisfy { $0.perCoordinate == 0 })
  }

  @Test func readsDirectedLinks() throws {
    let rows = try parse("1\t2\t3\t0.25\r\n2\t1\tinf\t0\r\n", isDirected: true)
    #expect(rows.map(\.seconds) == [3, .infinity])
    #expect(rows[0].perCoordinate == 0.25)
  }

  @Test func theWayBackMayBeWrittenOut() throws {
    #expect(try parse("1,2,3\n2,1,3\n").count == 2)
    #expect(throws: DataError.self) { try parse("1,2,3\n2,1,4\n") }
    #expect(try parse("1,2,3\n2,1,4\n", isDirected: true).count == 2)
  }

  @Test(arguments: [
    ("1,2\n", 1, 3, "cells"), ("1,2,3,4,5\n", 1, 9, "cells"),
    ("id,from,to\n1,2,4\n", 1, 1, "no column is seconds; there are \"id\", \"from\", \"to\""),
    ("from,source,to,ms\n1,2,3,4\n", 1, 6, "two columns fit from"),
    ("from,to,latency,weight\n1,2,3,4\n", 1, 17, "two columns fit seconds"),
    ("1,2,3\n1,3\n", 2, 3, "cells"), ("1,2,3\n2,2,1\n", 2, 3, "itself"),
    ("1,2,-3\n", 1, 5, "negative"), ("1,2,3\n1,3,nan\n", 2, 5, "nan"), ("1,2,x\n", 1, 5, "not a time"),
    ("1,2,\n", 1, 5, "empty"), ("1,2.5,1\n", 1, 3, "not a node"),
    ("-1,2,1\n", 1, 1, "not a node"), ("1,2,3\n1,2,3\n2,1,5\n", 3, 1, "already"),
    ("1,2,3,-1\n", 1, 7, "negative"), ("1,1e300,3\n", 1, 3, "not a node"),
  ])
  func saysWhatIsWrongWhere(_ text: String, _ line: Int, _ column: Int, _ what: String) throws {
    do {
      _ = try parse(text)
      Issue.record("\(text) was read")
    } catch {
      #expect(error.place == .text(line: line, column: column), "\(text) \(error)")
      #expect(error.problem.contains(what) && !error.remedy.isEmpty, "\(error)")
    }
  }

  @Test func findsColumnsByTheirTitles() throws {
    let links = try RecordedLinks.parse(
      [UInt8]("dst,id,src,latency_ms,per-coordinate (us)\n2,9,1,1000,5\n".utf8), isDirected: true)
    #expect(
      links.rows.map { [Double($0.from), Double($0.to), $0.seconds, $0.perCoordinate] } == [[1, 2, 1, 5e-6]])
    #expect(
      links.reading.line == "2 nodes (by \"src\" and \"dst\"), 1 link (by \"latency_ms\" and "
        + "\"per-coordinate (us)\", milliseconds and microseconds), not used: id")
    #expect(try parse("from,to,ms\n1,2,1000\n", isDirected: true).map(\.seconds) == [1])
    let byKey = try RecordedLinks.parse(
      [UInt8]("a,b,cost\n1,2,3\n".utf8), isDirected: true,
      columns: ["from": "b", "to": "a", "seconds": "cost"], unit: .milliseconds)
    #expect(byKey.rows.map { [Double($0.from), Double($0.to), $0.seconds] } == [[2, 1, 0.003]])
  }

  @Test func nodesMayHaveNamesOrCountFromZero() throws {
    let named = try RecordedLinks.parse(
      [UInt8]("from,to,seconds\nn10,n2,1\nn2,n1,2\n".utf8), isDirected: true)
    #expect(named.names == ["n1", "n2", "n10"])
    #expect(named.rows.map { [$0.from, $0.to] } == [[3, 2], [2, 1]])
    #expect(throws: DataError.self) { try named.check(nodes: 4) }
    let zero = try RecordedLinks.parse([UInt8]("0,1,1\n1,2,1\n".utf8), isDirected: true)
    #expect(zero.names.isEmpty && zero.rows.map { [$0.from, $0.to] } == [[1, 2], [2, 3]])
    #expect(zero.reading.line.hasSuffix("nodes count from 0: node 0 is worker 1"))
  }

  @Test func refusesWhatHoldsNone() {
    for text in ["", "from,to,seconds\n", "# nothing\n"] {
      #expect(throws: DataError.self) { try parse(text) }
    }
  }

  @Test func knowsHowManyNodesThereAre() throws {
    let links = try RecordedLinks.parse(Array("1,2,3\n2,7,1\n".utf8))
    try links.check(nodes: 7)
    #expect(throws: DataError.self) { try links.check(nodes: 6) }
  }
}
