// SPDX-License-Identifier: Apache-2.0

import Foundation
import StragglerLab
import Testing

@testable import StragglerLanguage

/// What every point of a trace holds, and where it can be used.
@Suite struct TraceQuantityTests {
  private static let server =
    "problem network hidden=4; workers 4 tau=i delay=exponential(1) power=i; "
    + "method ringmaster gamma=0.01 threshold=2; "
  private static let nodes =
    "problem quadratic dim=20; workers 4 tau=i; topology ring link=1; "
    + "method gradient-tracking gamma=0.1; "
  private static let quantities = [
    "time", "iteration", "arrivals", "used", "discarded", "cancelled", "gradients", "messages",
    "coordinates", "energy", "busy", "available", "delay_mean", "consensus", "loss", "gap", "gradnorm2",
    "accuracy",
  ]

  /// A configuration under which `quantity` is known.
  private static func setup(for quantity: String) -> String {
    ["consensus", "gap"].contains(quantity) ? nodes : server
  }

  @Test func theListIsWhole() {
    #expect(Set(Quantity.allCases.map(\.rawValue)) == Set(Self.quantities))
  }

  @Test(arguments: quantities) func isAColumnAnAxisAndACondition(_ quantity: String) throws {
    let path = NSTemporaryDirectory() + "straggler-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let setup = Self.setup(for: quantity)
    let session = Session(
      setup + "run updates=30; stats; save \"\(path)\" traces; plot x=time y=\(quantity); plot x=\(quantity)",
      json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let column = try #require(rows[0].firstIndex { $0 == quantity })
    let last = Double(rows[rows.count - 1][column])
    // The last point is where the run is.
    if quantity == "available" {
      #expect(last == 1)
    } else {
      guard case .number(let number)? = session.interpreter.environment[quantity] else {
        return #expect(Bool(false), "\(quantity)")
      }
      #expect(last == number, "\(quantity)")
    }
    let bound = try #require(last)
    #expect(!bound.isNaN)
    let condition = Session(setup + "run \(quantity)>=\(bound) updates=30; expect \(quantity) >= \(bound)")
    if quantity != "available" { #expect(condition.outcome == .done, "\(condition.error)") }
    #expect(Session(setup + "run \(quantity)<=\(bound) updates=1000").outcome == .done)
  }

  @Test(arguments: [
    Quantity.used, .discarded, .cancelled, .gradients, .messages, .coordinates, .energy,
  ]) func isABudget(_ kind: Quantity) throws {
    let key = kind.rawValue
    // Rennala cancels and discards nothing of a batch of all; this fleet does both.
    let setup =
      kind == .cancelled
      ? "problem quadratic dim=20; workers 4 tau=i delay=exponential(1); "
        + "method mindflayer gamma=0.1 clip=1; "
      : kind == .discarded
        ? "problem quadratic dim=20; workers 4 tau=i^2; method ringmaster gamma=0.1 threshold=1; "
        : Self.server
    let bound = kind == .coordinates ? 12_801.0 : 20
    let path = NSTemporaryDirectory() + "straggler-\(UUID().uuidString).csv"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let session = Session(setup + "run \(key)=\(bound); log \"\(path)\"", json: true)
    #expect(session.outcome == .done, "\(session.error)")
    let end = try #require(session.objects.first)
    #expect(end["stopped"] as? String == key)
    let spent = try #require((end[key] as? NSNumber)?.doubleValue)
    let (events, arrivals) = (session.interpreter.workspace.current.run, end["arrivals"] as? Int)
    #expect(spent >= bound && events != nil)
    // One event less, and there is some left.
    if kind != .energy, kind != .cancelled {
      let before = Session(setup + "run arrivals=\((arrivals ?? 0) - 1); expect \(key) < \(bound)")
      #expect(before.outcome == .done, "\(key): \(before.error)")
    }
    let compared = Session(setup + "compare ringmaster \(key)=\(bound) seeds=2 updates=100", json: true)
    #expect(compared.outcome == .done, "\(compared.error)")
  }

  /// All workers work all the time, at powers 1 to 4: ten a second.
  @Test func energyEndsWhereItIsSpent() throws {
    let session = Session(
      "problem quadratic dim=20; workers 4 tau=i/7 power=i; method asgd gamma=0.1; run energy=123 time=1000; "
        + "expect energy >= 123 and energy - 123 < 10/7; expect abs(busy - 1) < 1e-9")
    #expect(session.outcome == .done, "\(session.error)")
  }

  @Test func aBudgetEndsComparisonsAlike() throws {
    let rows = Session(Self.server + "compare \"asgd gamma=0.01\" ringmaster gradients=40", json: true)
      .objects
    #expect(rows.map { $0["stopped"] as? String } == ["gradients", "gradients"])
    #expect(rows.map { $0["reached"] as? Double } == [1, 1])
    #expect(rows.map { $0["gradients"] as? Double } == [40, 40])
    let wrong = Session(Self.server + "run gap=1")
    #expect(wrong.outcome == .failed)
  }

  @Test func aModelIsSavedExactly() throws {
    let base = NSTemporaryDirectory() + "straggler-\(UUID().uuidString)"
    defer { for end in [".csv", ".npy"] { try? FileManager.default.removeItem(atPath: base + end) } }
    let session = Session(
      "problem quadratic dim=7; workers 2 tau=i; method asgd gamma=0.3; run updates=9; "
        + "save \"\(base).csv\" model; save \"\(base).npy\" model")
    #expect(session.outcome == .done, "\(session.error)")
    let model = try #require(session.interpreter.workspace.current.run?.model)
    let lines = try String(contentsOfFile: base + ".csv", encoding: .utf8).split(separator: "\n")
    #expect(lines.map { Double($0) } == model)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: base + ".npy")))
    #expect(bytes.count == 128 + 56 && bytes[127] == UInt8(ascii: "\n"))
    #expect(Array(bytes[..<10]) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    let header = String(decoding: bytes[10..<128], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f8', 'fortran_order': False, 'shape': (7,), }"))
    let numbers = (0..<7).map { place in
      Double(
        bitPattern: bytes[(128 + 8 * place)..<(136 + 8 * place)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      )
    }
    #expect(numbers == model)
    #expect(Session("save x.csv model").error.contains("there is no run whose model could be saved"))
    #expect(Session("save x.json model").error.contains(".npy"))
  }
}
