// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// What `problem` says of the files that it reads, and what it makes of them.
@Suite final class DataTests {
  private let folder = NSTemporaryDirectory() + "straggler-data-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ bytes: [UInt8], to name: String) throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  private func write(_ text: String, to name: String) throws -> String {
    try write([UInt8](text.utf8), to: name)
  }

  private func idx(_ dimensions: [Int], _ elements: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(dimensions.count)] + dimensions.flatMap { [0, 0, UInt8($0 / 256), UInt8($0 % 256)] }
      + elements
  }

  private static let three = "1 1:0.5 2:1\n2 1:1 3:0.2\n3 2:0.3\n1 3:1\n"

  @Test func saysWhatItTook() throws {
    let path = try write("1 qid:1 1:0.5 2:1\n2 qid:1 1:1 3:0.2\n", to: "ranks.svm")
    let reading = "2 rows of 3 features, labels 1 and 2 taken as -1 and +1, not used: qid"
    #expect(Session("problem logistic data=\"\(path)\"").transcript.text == "\(path): \(reading)\n")
    let object = Session("problem logistic data=\"\(path)\"", json: true).objects.last
    #expect(object?["command"] as? String == "problem")
    #expect(object?["data"] as? String == "\(path): \(reading)")
    #expect(Session("problem logistic").transcript.text == "")
  }

  /// Labels 1 and 2 are −1 and +1, so that the loss is that of the same file with these.
  @Test func labelsOfAnyKind() throws {
    let loss = try [("1", "2"), ("-1", "+1"), ("0", "1"), ("2", "4")].map { low, high in
      let path = try write("\(low) 1:0.5 2:1\n\(high) 1:1 3:0.2\n\(low) 2:0.3\n", to: "two.svm")
      let session = Session(
        "problem logistic data=\"\(path)\" x0=ones lambda=0; workers 1; method hero gamma=0.1; run steps=0; "
          + "stats", json: true)
      return try #require(session.objects.last?["loss"] as? Double)
    }
    let expected = (log(1 + exp(1.5)) + log(1 + exp(-1.2)) + log(1 + exp(0.3))) / 3
    #expect(loss.allSatisfy { abs($0 - expected) < 1e-14 })
  }

  @Test func moreClassesAreASoftmax() throws {
    let path = try write(Self.three, to: "three.svm")
    let session = Session(
      "problem logistic data=\"\(path)\" lambda=0.5 regularizer=l2 batch=full; workers 2 tau=i; "
        + "method minibatch; run gap<1e-9; stats; show problem", json: true)
    #expect(session.error == "")
    let stats = session.objects.first { $0["stopped"] != nil } ?? [:]
    #expect(stats["stopped"] as? String == "condition")
    let start = Session(
      "problem logistic data=\"\(path)\" lambda=0; workers 1; method hero gamma=1; run steps=0; stats",
      json: true
    ).objects.last
    #expect(abs((start?["loss"] as? Double ?? 0) - log(3)) < 1e-15)
    // Split by class, each worker's own objective has its minimum elsewhere.
    let split = Session(
      "problem logistic data=\"\(path)\" split=by_class(1) batch=full; workers 3; "
        + "method malenia batch=4 gamma=0.1; run steps=5; stats", json: true)
    #expect(split.error == "" && split.objects.last?["iteration"] as? Int == 5)
  }

  @Test(arguments: ["relu", "tanh", "gelu"])
  func networksOfAnyDepthOnAnyData(_ activation: String) throws {
    let path = try write(Self.three, to: "three.svm")
    for hidden in ["16", "[16]", "[16,12,8]"] {
      let session = Session(
        "problem network data=\"\(path)\" hidden=\(hidden) activation=\(activation) precision=double "
          + "batch=2; workers 2; method minibatch gamma=0.2; run steps=1000; stats", json: true)
      #expect(session.error == "")
      let stats = session.objects.last ?? [:]
      #expect((stats["loss"] as? Double ?? 9) < 0.3)
      #expect(stats["accuracy"] is NSNull || stats["accuracy"] == nil)
    }
  }

  @Test func listsOfLayersAreKept() {
    let session = Session("let h = 12; problem network hidden=[h, 2*h] activation=tanh; show problem")
    #expect(session.transcript.text == "problem network hidden=[12,24] activation=tanh\n")
    for (value, words) in [
      ("[]", "the value of hidden= is out of range"), ("[3,0]", "the value of hidden= is out of range"),
      ("[1,1,1,1,1,1,1,1,1]", "the value of hidden= is out of range"), ("[a,3]", "a"),
      ("2.5", "the value of hidden= is out of range"), ("[3,[4]]", "a list holds no lists"),
    ] {
      #expect(Session("problem network hidden=\(value)").error.contains(words), "\(value)")
    }
  }

  /// Images of another size, by the names of their files, with a network and with a softmax.
  @Test func imagesByName() throws {
    var (pixels, labels): ([UInt8], [UInt8]) = ([], [])
    for index in 0..<60 {
      labels.append(UInt8(5 + index % 3))
      for pixel in 0..<12 { pixels.append(pixel % 3 == index % 3 ? 200 : UInt8(index)) }
    }
    let images = try write(idx([60, 3, 4], pixels), to: "images")
    let names = try write(idx([60], labels), to: "labels")
    let files =
      "images=\"\(images)\" labels=\"\(names)\" test_images=\"\(images)\" test_labels=\"\(names)\""
    for problem in ["logistic \(files) lambda=0 batch=4", "network \(files) hidden=[8,8] batch=4"] {
      let session = Session(
        "problem \(problem); workers 3; method minibatch gamma=0.5; run steps=200; stats", json: true)
      #expect(session.error == "")
      #expect(session.objects.last?["accuracy"] as? Double == 1)
      #expect(
        (session.objects.first?["data"] as? String)?.hasSuffix(
          "60 images of 3×4 in 3 classes, 60 to test with, labels 5 to 7 taken as classes 0 to 2") == true)
    }
  }

  @Test func networksHaveSplits() {
    for split in ["contiguous", "shuffled", "dirichlet(0.1)", "by_class(2)"] {
      let script =
        "problem network split=\(split) hidden=4 evaluate=100; workers 10 tau=i; "
        + "method malenia batch=4 gamma=0.1; run steps=3; stats"
      let (first, second) = (Session(script, json: true), Session(script, json: true))
      #expect(first.error == "")
      #expect(first.objects.last?["loss"] as? Double == second.objects.last?["loss"] as? Double)
    }
    let refused = Session("problem network split=shuffled; workers 3; method rennala gamma=0.1; run steps=1")
    #expect(refused.error.contains("heterogeneous"))
  }
}
