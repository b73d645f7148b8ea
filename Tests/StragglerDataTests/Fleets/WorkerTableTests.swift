// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

@Suite struct WorkerTableTests {
  private static let fields: [WorkerTable.Field] = [
    .init("tau", isTime: true), .init("upload_per_coordinate", isTime: true), .init("power"),
    .init("delay", isText: true),
  ]

  private func parse(_ text: String, worker: String? = nil, unit: TimeUnit? = nil) throws -> WorkerTable {
    try WorkerTable.parse([UInt8](text.utf8), Self.fields, worker: worker, unit: unit)
  }

  @Test func readsRowsInTheOrderOfTheirNames() throws {
    let table = try parse(
      "Power;delay;Device;tau_ms;colour\n2;\"lognormal(0,1)\";gpu-10;1500;red\n1;3;gpu-2;500.5;blue\n")
    #expect(table.names == ["gpu-2", "gpu-10"] && table.count == 2)
    #expect(table.values["tau"] == .numbers([0.5005, 1.5]))
    #expect(table.values["power"] == .numbers([1, 2]))
    #expect(
      table.values["delay"]
        == .texts([.init(text: "3", line: 3, column: 3), .init(text: "lognormal(0,1)", line: 2, column: 3)]))
    #expect(table.values["upload_per_coordinate"] == nil)
    #expect(
      table.reading.line
        == "2 workers (by \"Device\"), tau (by \"tau_ms\", milliseconds), power (by \"Power\"), "
        + "delay (by \"delay\"), not used: colour")
    // Numbers mean themselves; without ids a row is a worker.
    #expect(try parse("id,tau\n2,20\n1,10\n").values["tau"] == .numbers([10, 20]))
    #expect(try parse("id,tau\n2,20\n1,10\n").names.isEmpty)
    #expect(try parse("tau\n20\n10\n", unit: .minutes).values["tau"] == .numbers([1200, 600]))
    #expect(try parse("id,tau\n7,20\n3,10\n", worker: "none").values["tau"] == .numbers([20, 10]))
  }

  @Test(arguments: [
    ("", 0, 0, "holds no workers"), ("name,tau\n", 0, 0, "holds no workers"), ("1,2\n", 1, 1, "titles"),
    ("name,speed\na,1\n", 1, 1, "no column is one of \"tau\""), ("name,tau\na,1\na,2\n", 3, 1, "two rows"),
    ("name,tau\na,-1\n", 2, 3, "negative"), ("name,tau\na,x\n", 2, 3, "not a time for tau"),
    ("name,power\na,1s\n", 2, 3, "not a number for power"), ("name,tau\na,\n", 2, 3, "no value for tau"),
    ("id,tau\n1,1\n3,1\n", 0, 0, "2 is missing"), ("tau,Tau\n1,1\n", 1, 5, "two columns fit tau"),
    ("name,power (mW)\na,1\n", 1, 6, "and power has none here"),
    ("my_host,tau\na,1\n", 1, 1, "looks like a worker"), ("name,tau\na\n", 2, 1, "1 cell"),
  ]) func faults(_ text: String, _ line: Int, _ column: Int, _ words: String) {
    let error = #expect(throws: DataError.self, "\(text)") { try parse(text) }
    #expect(error?.problem.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.place == (line == 0 ? .whole : .text(line: line, column: column)), "\(text)")
  }
}
