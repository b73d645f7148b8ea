// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

/// A run keeps alive all that it looks at.
@Suite struct LifetimeTests {
  /// A run that holds the only references to its experiment, problem and data.
  private func orphan() throws -> (run: Run, data: () -> ProblemData?) {
    let images = (0..<20 * 784).map { UInt8(truncatingIfNeeded: $0 * 7) },
      labels = (0..<20).map { UInt8($0 % 10) }
    let data = ProblemData(training: (images, labels), test: (images, labels), width: 784)
    let experiment = Experiment(
      Logistic<Double>(lambda: 0.1), workers: [Worker(tau: 1)], method: Hero(), data: data)
    return (try experiment.start(), { [weak data] in data })
  }

  @Test func dataLiveAsLongAsTheRun() throws {
    let (run, data) = try orphan()
    #expect(data() != nil)
    run.run(until: Stop(updates: 10))
    #expect(run.statistics.point.loss.isFinite)
  }
}
