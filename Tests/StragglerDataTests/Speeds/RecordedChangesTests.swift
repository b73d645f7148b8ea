// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

@Suite struct RecordedChangesTests {
  private func read(_ text: String, _ kind: RecordedChanges.Kind) throws -> RecordedChanges {
    try RecordedChanges.parse(Array(text.utf8), kind)
  }

  private func changes(_ text: String, _ kind: RecordedChanges.Kind, workers: Int = 2) throws -> [[[Double]]]
  {
    try read(text, kind).changes(ofWorkers: workers).map { $0.map { [$0.time, $0.value] } }
  }

  @Test func readsRows() throws {
    let expected = [[[0, 1], [5, 0.5]], [[2, 0.0]]]
    for text in [
      "worker,time,speed\n1,0,1\n1,5,0.5\n2,2,0\n", "1;0;1\n2;2;0\n1;5;0.5\n",
      "\u{FEFF}Time\tRate\tRank\r\n0\t1\t0\r\n5\t0.5\t0\r\n2\t0\t1", "# a comment\n0 0 1\n0 5 0.5\n1 2 0\n",
      "name,at,speed\ngpu-2,0,1\ngpu-2,5,0.5\ngpu-10,2,0\n",
    ] {
      #expect(try changes(text, .speeds) == expected, "\(text)")
    }
  }

  @Test func readsStates() throws {
    let far = -Double.greatestFiniteMagnitude
    #expect(
      try changes("worker,time,state\n1,0,on\n1,3,OFF\n1,4,up\n2,1,unavailable\n", .states)
        == [[[0, 1], [3, 0], [4, 1]], [[1, 0]]])
    #expect(try changes("device,timestamp,available\n1,0,1\n2,0,0\n", .states) == [[[0, 1]], [[0, 0]]])
    // A row a worker, of any length.
    #expect(
      try changes("1,on,3,4\n2,off\n", .states) == [[[far, 1], [3, 0], [4, 1]], [[far, 0]]])
    #expect(
      try changes("a 1 3 4 7\nb 0\n", .states) == [[[far, 1], [3, 0], [4, 1], [7, 0]], [[far, 0]]])
    // Three cells of numbers are a change.
    #expect(try changes("1,0,1\n2,0,0\n", .states) == [[[0, 1]], [[0, 0]]])
    // A worker without rows.
    #expect(try changes("2,0,off\n", .states, workers: 3) == [[], [[0, 0]], []])
  }

  @Test(arguments: [
    ("1,0,1\n1,0,2\n", "second row"), ("1,5,1\n1,2,2\n", "before that"), ("1,0,-1\n", "negative"),
    ("1,0,fast\n", "not a speed"), ("1,soon,1\n", "not a time"), ("1,0\n", "2 cells"), ("", "no changes"),
    ("worker,time,velocity\n1,0,1\n", "no column is titled speed"),
    ("worker,time,speed,rate\n1,0,1,1\n", "two columns fit"), (",0,1\n", "worker is missing"),
    ("worker,time,speed (%)\n1,0,50\n", "and speed has none here"), ("inf,0,1\n", "cannot be"),
    ("worker,start,end,speed\n1,0,5,1\n", "makes each row an interval"),
    ("3,0,1\n", "beyond the 2 workers"), ("1,nan,1\n", "not a time"), ("1,0,inf\n", "not a speed"),
  ]) func refusesWhatIsNoSpeed(_ text: String, _ reason: String) {
    #expect { try changes(text, .speeds) } throws: { "\($0)".contains(reason) }
  }

  @Test(arguments: [
    ("1,0,maybe\n", "not a state"), ("1,on,3\n1,off\n", "a second row of worker 1"),
    ("1,on,3,2\n", "before that"),
    ("worker,time,state\n1,0,0.5\n", "not a state"),
  ]) func refusesWhatIsNoState(_ text: String, _ reason: String) {
    #expect { try changes(text, .states) } throws: { "\($0)".contains(reason) }
  }
}
