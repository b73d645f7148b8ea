// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// Matrices, measurements and dense rows through the language.
@Suite final class DenseDataTests {
  private let folder = NSTemporaryDirectory() + "straggler-dense-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
    return "\(folder)/\(name)"
  }

  @Test func quadraticsOnAMatrix() throws {
    let (A, b) = (try write("2,1\n1,2\n", to: "A.csv"), try write("3\n0\n", to: "b.csv"))
    let session = Session(
      "problem quadratic A=\"\(A)\" b=\"\(b)\" noise=0; workers 2; method minibatch; show problem; "
        + "run gap<1e-12; stats", json: true)
    #expect(session.error == "")
    #expect(
      session.objects.first?["data"] as? String
        == "\(A): 2 × 2, eigenvalues from 1 to 3; \(b): 2 numbers")
    let stats = session.objects.first { $0["stopped"] != nil } ?? [:]
    #expect(stats["stopped"] as? String == "condition")
    // x* = (2, −1) and f* = −3.
    #expect(abs((stats["loss"] as? Double ?? 0) + 3) < 1e-11)
    #expect(session.transcript.text.contains("problem quadratic A="))
    let again = Session(
      "problem quadratic A=\"\(A)\" noise=0; workers 1; method hero; run steps=1; stats", json: true)
    #expect(again.objects.last?["iteration"] as? Int == 1)
  }

  @Test func whatIsWrongWithAMatrix() throws {
    let A = try write("2,1\n1,2\n", to: "A.csv")
    let bad = try write("1,2\n2,1\n", to: "bad.csv")
    let three = try write("1\n2\n3\n", to: "three.csv")
    for (problem, words) in [
      ("A=\"\(bad)\"", "is not positive definite: its smallest eigenvalue is -1"),
      ("A=\"\(A)\" b=\"\(three)\"", "has 3 × 1 numbers, and A has 2 rows"),
      ("b=\"\(three)\"", "b= without A="),
      ("A=\"\(three)\"", "is not a square matrix"), ("A=\"\(folder)/none.npy\"", "none.npy"),
    ] { #expect(Session("problem quadratic \(problem)").error.contains(words), "\(problem)") }
    let session = Session("problem quadratic A=\"\(A)\" dim=3; workers 1; method hero; run steps=1")
    #expect(session.error.contains("dim= takes the size of A"))
  }

  @Test func leastSquares() throws {
    // y = 1 + 2x exactly but for the last row.
    let data = try write("one,x,y\n1,0,1\n1,1,3\n1,2,5\n1,3,8\n", to: "line.csv")
    let session = Session(
      "problem least-squares data=\"\(data)\" batch=full; workers 2 tau=i; method minibatch; "
        + "run gap<1e-12; stats", json: true)
    #expect(session.error == "")
    let loss = session.objects.first { $0["stopped"] != nil }?["loss"] as? Double ?? 9
    // The residuals of the line of best fit are (0.2, −0.1, −0.4, 0.3), and f* = 0.3/8.
    #expect(abs(loss - 0.0375) < 1e-11)
    for rest in ["batch=2 split=contiguous", "precision=float lambda=0.1", "x0=ones evaluate=2"] {
      let other = Session(
        "problem least-squares data=\"\(data)\" \(rest); workers 2; method malenia batch=2 gamma=0.01; "
          + "run steps=5; stats", json: true)
      #expect(other.error == "" && other.objects.last?["iteration"] as? Int == 5)
    }
    #expect(
      Session("problem least-squares split=by_class(1); workers 2; method hero gamma=1; run steps=1").error
        .contains("targets are no classes"))
    #expect(Session("problem least-squares y=2").error.contains("y= is for tables and NumPy arrays alone"))
    let drawn = Session(
      "problem least-squares batch=10; workers 3; method minibatch gamma=0.1; run gap<0.01; stats", json: true
    )
    #expect(drawn.objects.last?["stopped"] as? String == "condition")
  }

  /// Rows of a table are those of the same samples in LIBSVM text, to the last bit.
  @Test func denseRowsAreRows() throws {
    let table = try write("a,b,c,y\n0.5,1,0,1\n1,0,0.2,2\n0,0.3,0,1\n", to: "three.csv")
    let text = try write("1 1:0.5 2:1\n2 1:1 3:0.2\n1 2:0.3\n", to: "three.svm")
    for problem in ["logistic lambda=0.1 batch=2", "network hidden=[4] batch=2"] {
      let losses = [table, text].map { path in
        Session(
          "problem \(problem) data=\"\(path)\"; workers 2; method minibatch gamma=0.1; run steps=7; stats",
          json: true
        ).objects.last?["loss"] as? Double
      }
      #expect(losses[0] != nil && losses[0] == losses[1])
    }
  }
}
