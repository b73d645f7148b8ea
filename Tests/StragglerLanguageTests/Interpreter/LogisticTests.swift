// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import StragglerLanguage

/// `problem logistic` from what is typed to what it reports.
@Suite struct LogisticTests {
  private func stats(_ script: String) -> [String: Any] {
    Session(script + "; stats", json: true).objects.last ?? [:]
  }

  @Test func synthesizedDataNeedNothing() {
    let stats = stats("problem logistic batch=full; workers 2; method minibatch; run steps=60")
    #expect((stats["gradnorm2"] as? Double ?? 1) < 1e-9)
    #expect(stats["gap"] is NSNull)
    #expect((stats["loss"] as? Double ?? 1) < 0.6931471805599453)
  }

  @Test func convexProblemsKnowTheirGap() {
    let script = "problem logistic regularizer=l2 batch=full; workers 2; method minibatch; run gap<1e-9"
    #expect(stats(script)["stopped"] as? String == "condition")
  }

  @Test(arguments: ["shared", "contiguous", "shuffled", "dirichlet(0.5)", "by_class(1)"])
  func splitsRunAgainWithTheSameBytes(_ split: String) {
    let script =
      "problem logistic split=\(split) batch=3; workers 5 tau=i; method asgd gamma=0.1; run steps=40; "
      + "reset; run steps=40"
    let (first, second) = (stats(script), stats(script))
    #expect(first["loss"] as? Double == second["loss"] as? Double && first["loss"] is Double)
    #expect(first["memory"] as? Int == second["memory"] as? Int)
  }

  @Test(arguments: [
    ("problem logistic split=foo", "split= does not take 'foo'"),
    ("problem logistic split=dirichlet(0)", "the value of split= is out of range"),
    ("problem logistic batch=0", "the value of batch= is out of range"),
    ("problem logistic batch=1.5", "the value of batch= is out of range"),
    ("problem logistic batch=-3", "the value of batch= is out of range"),
    ("problem logistic lambda=-1", "the value of lambda= is out of range"),
    ("problem logistic folder=x", "folder= is for the files of mnist, emnist and cifar alone"),
    ("problem logistic data=/nowhere/at/all", "cannot be read"),
    ("problem logistic data=mnist folder=/nowhere", "/nowhere"),
    ("problem logistic data=cifar folder=/nowhere", "/nowhere"),
    ("problem logistic images=a", "images= without labels="),
    ("problem logistic images=a labels=b data=mnist", "images= and data= both name data"),
    ("problem logistic images=a labels=b test_images=c", "test_images= without test_labels="),
    ("problem logistic test_images=a test_labels=c", "test_images= without images to train with"),
    ("problem logistic transpose=true", "transpose= is for IDX images alone"),
    ("problem logistic split=by_class(0)", "the value of split= is out of range"),
    ("problem logistic split=by_class(3); workers 2; method asgd gamma=1; run steps=1", "more classes than"),
    ("problem logistic split=shuffled; workers 1001; method asgd gamma=1; run steps=1", "without samples"),
  ]) func mistakesAreExplained(_ script: String, _ words: String) {
    let session = Session(script)
    #expect(session.error.contains(words), "\(session.error)")
  }

  @Test func filesAreReadWhereTheyAreNamed() throws {
    let path = NSTemporaryDirectory() + "straggler-logistic-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "0 1:1 2:0.5\r\n1 2:1 \r\n1\r\n0 1:2".write(toFile: path, atomically: true, encoding: .utf8)
    let loss = stats("problem logistic data=\"\(path)\"; workers 1; method asgd gamma=0.1; run steps=0")[
      "loss"]
    #expect(abs((loss as? Double ?? 0) - 0.6931471805599453) < 1e-15)
    try "0 1:1\n1 2:x".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(Session("problem logistic data=\(path)").error.contains("\(path):2:5: \"x\" is not a number"))
  }

  @Test func outagesAndMixturesAreDelays() {
    let fleet = "problem quadratic dim=5; workers 3 tau=1 delay="
    let outages = Session(fleet + "markov(10,5); method asgd gamma=0.1; run steps=300; stats", json: true)
    // In the long run a job of one second takes one and a half; the outages' variance is that of 100 jobs
    // with m = 0.1.
    let time = outages.objects.last?["time"] as? Double ?? 0
    #expect(abs(time - 150) < 5 * (100 * 0.1 * 2 * 25.0).squareRoot())
    let mixture = "mixture(0.9,0,lognormal(i,1))"
    let shown = Session("workers 3 tau=1 delay=\(mixture); show workers").transcript.text
    #expect(shown == "workers 3 tau=1 delay=mixture(0.9,constant(0),lognormal(i,1))\n")
    let run = Session(fleet + "\(mixture); method asgd gamma=0.1; run steps=50")
    #expect(run.error == "")
    for (text, words) in [
      ("mixture(0.9,1)", "mixture takes a probability and two distributions"),
      ("mixture(2,1,1)", "p of mixture is out of range"), ("mixture(0.5,markov(1,1),1)", "law of mixture"),
      ("mixture(0.5,nothing(1),1)", "there is no distribution 'nothing'"), ("markov(1,0)", "down of markov"),
    ] {
      #expect(Session("workers 2 delay=\(text)").error.contains(words), "\(text)")
    }
    let deep = String(repeating: "mixture(0.5,1,", count: 300) + "1" + String(repeating: ")", count: 300)
    #expect(Session("workers 2 delay=\(deep)").error.contains("nested too deeply"))
    #expect(Session("let d = \"\(deep)\"; workers 2 delay=d").error.contains("nested too deeply"))
  }
}

/// AsGrad's experiment on real data.
@Suite(.enabled(if: SharedFolder.path != nil, "the shared folder is not here"))
struct LogisticOnRealDataTests {
  @Test func webPages() throws {
    let file = try #require(SharedFolder.path) + "/data/libsvm/w7a"
    let script =
      "problem logistic data=\"\(file)\" split=contiguous batch=full lambda=0.1 x0=ones; workers 10 tau=i; "
      + "method asgd gamma=0.25"
    let start = Session(script + "; stats", json: true).objects.last
    let end = Session(script + "; trace every=300; run steps=300; stats", json: true).objects.last
    let (first, last) = (start?["gradnorm2"] as? Double ?? 0, end?["gradnorm2"] as? Double ?? 1)
    #expect(last < first / 20)
  }
}

/// AsGrad's poster: ten workers with blocks of their own, worker i taking i seconds, and full local
/// gradients.
///
/// Pure assignment listens most to the fastest workers and stalls near their minimum; random and shuffled
/// assignment go below it, shuffled below random. Each order has the stepsize 2⁻¹ … 2⁻¹⁰ that is best for it;
/// those that are far off are left out here.
@Suite(.enabled(if: SharedFolder.path != nil, "the shared folder is not here"))
struct AsGradOnRealDataTests {
  /// ‖∇f‖² after 500 updates, averaged over seeds, at the best stepsize.
  private func tuned(_ order: String, seeds: ClosedRange<Int>) throws -> Double {
    let file = try #require(SharedFolder.path) + "/data/libsvm/w7a"
    let session = Session(
      """
      problem logistic data="\(file)" split=contiguous batch=full lambda=0.1 x0=ones
      workers 10 tau=i
      trace every=500
      for s in \(seeds.lowerBound)..\(seeds.upperBound) {
        seed s
        for power in 3..4 {
          method asgrad order=\(order) gamma=2^-power
          run steps=500
        }
      }
      """, json: true)
    let values = session.objects.compactMap { $0["gradnorm2"] as? Double }
    try #require(values.count == 2 * seeds.count, "\(session.error)")
    return (0..<2).map { power in
      stride(from: power, to: values.count, by: 2).reduce(0) { $0 + values[$1] } / Double(seeds.count)
    }.min() ?? .nan
  }

  @Test func shuffledIsAheadOfRandomAndRandomOfPure() throws {
    // Pure assignment does not depend on the seed.
    let (pure, random) = (try tuned("pure", seeds: 1...1), try tuned("random", seeds: 1...4))
    let shuffled = try tuned("shuffled", seeds: 1...4)
    #expect(random < pure / 3)
    #expect(shuffled < random)
  }
}
