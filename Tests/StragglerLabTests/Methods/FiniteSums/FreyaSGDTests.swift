// SPDX-License-Identifier: Apache-2.0

import StragglerCore
import StragglerLab
import Testing

@Suite struct FreyaSGDTests {
  private let workers = MethodLab.workers(MethodLab.durations)

  private func freya(_ batch: Int) -> FreyaSGD {
    MethodLab.make(FreyaSGD.self) { ($0.gamma, $0.batch.given) = (0.2, batch) }
  }

  /// Where all samples are the same, every batch is the gradient.
  @Test(arguments: [1, 5, 12]) func ofEqualSamplesIsGradientDescent(batch: Int) throws {
    let record = SampleRecord()
    let problem = RecordedSum(MethodLab.sum(20, spread: 0), record)
    let run = try Experiment(problem, workers: workers, method: freya(batch)).start()
    let start = record.samples.count
    run.run(until: Stop(updates: 50))
    #expect(areClose(run.model, MethodLab.descent(6, gamma: 0.2, steps: 50)))
    // S independent samples a step, with the same weight each.
    let samples = record.samples[start...]
    #expect(samples.count == 50 * batch)
    #expect(Set(samples.map(\.weight)).count == 1)
    #expect(Set(samples.map(\.index)) == Set(0..<20) || batch == 1)
    #expect(run.statistics.delayMax == 0)
  }

  @Test func isRennalaThatStops() throws {
    let sgd = configured(FreyaSGD.self) {
      $0.gamma = 0.2
      $0.batch = 5
    }
    let rennala = configured(Rennala.self) {
      $0.gamma = 0.2
      $0.batch = 5
      $0.stops = true
    }
    let runs = [
      try Experiment(MethodLab.sum(30), workers: workers, method: sgd).start(),
      try Experiment(MethodLab.sum(30), workers: workers, method: rennala).start(),
    ]
    for run in runs { run.run(until: Stop(updates: 40)) }
    #expect(runs[0].model == runs[1].model)
    #expect(runs[0].statistics.point.time == runs[1].statistics.point.time)
    #expect(runs[0].statistics.cancelled == runs[1].statistics.cancelled)
    let sizes = try Experiment(
      MethodLab.sum(30), workers: workers, method: configured(FreyaSGD.self) { $0.gamma = 0.2 }
    ).start()
    sizes.run(until: Stop(updates: 10))
    #expect(sizes.statistics.point.used == 60)
  }

  @Test func hasItsKeys() throws {
    try expectKeys("freya-sgd", ["batch": "⌈√m⌉"])
    try expectRefused("freya-sgd", ["batch": 0], "a positive integer")
  }

  @Test func hasTheTheorysNumbers() throws {
    let (tau, noise, progress) = ([4.0, 1, 2], TheoryLab.noise, TheoryLab.progress)
    for (settings, S) in [([:], 5.0), (["batch": 30], 30)] as [(Settings, Double)] {
      let forecast = try TheoryLab.forecast("freya-sgd", MethodLab.workers(tau), settings)
      #expect(forecast["samples"] == 23 && forecast["batch"] == S)
      expectNear(forecast.gamma, min(1, S / (2 * noise)) / TheoryLab.L)
      #expect(forecast.iterations == (12 * progress * max(1, 2 * noise / S)).rounded(.up))
      expectNear(forecast["iteration_time"], TheoryLab.collecting(S, tau))
      expectNear(forecast.time, TheoryLab.collecting(S, tau) * forecast.iterations)
      expectNear(forecast.table, TheoryLab.collecting(S, tau) * progress)
    }
  }
}
