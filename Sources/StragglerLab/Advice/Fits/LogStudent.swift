// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Student's law fitted to logarithms: for given degrees of freedom location and scale by expectation
/// maximisation with its parameters expanded, which never loses likelihood. Source: Liu, Rubin, Wu (1998).
struct LogStudent {
  let dof: Double
  private(set) var location: Double
  private(set) var scale: Double

  var law: Delay {
    dof == 1
      ? .logcauchy(mu: location, gamma: scale) : .logt(mu: location, sigma: scale, dof: dof)
  }

  /// Nil where half of the values are the same: their likelihood has no bound.
  init?(dof: Double, _ sample: FitSample, near start: LogStudent? = nil) {
    let logs = sample.logs
    guard !logs.isEmpty else { return nil }
    self.dof = dof
    location = start?.location ?? logs[logs.count / 2]
    scale = start?.scale ?? 0.5 * (logs[3 * logs.count / 4] - logs[logs.count / 4])
    guard scale > 0, logs[logs.count / 2] > logs[0] || logs[logs.count / 2] < logs[logs.count - 1] else {
      return nil
    }
    for _ in 0..<500 {
      if sample.interrupted() { return nil }
      var (weights, sum) = (0.0, 0.0)
      for log in logs {
        let z = (log - location) / scale
        let weight = (dof + 1) / (dof + z * z)
        weights += weight
        sum += weight * log
      }
      let next = sum / weights
      var squares = 0.0
      for log in logs {
        let z = (log - location) / scale
        squares += (dof + 1) / (dof + z * z) * ((log - next) * (log - next))
      }
      let spread = (squares / weights).squareRoot()
      let change = max((next - location).magnitude, (spread - scale).magnitude)
      (location, scale) = (next, spread)
      guard scale > 1e-12 else { return nil }
      if change <= 1e-10 * scale { break }
    }
  }

  func logLikelihood(_ sample: FitSample) -> Double {
    let constant = Special.logStudentConstant(dof) - Elementary.log(scale)
    if sample.interrupted() { return .nan }
    var sum = 0.0
    for log in sample.logs {
      let z = (log - location) / scale
      sum += constant - 0.5 * (dof + 1) * Elementary.log1p(z * z / dof) - log
    }
    return sum
  }

  /// The best degrees of freedom between ½ and 100, with the best location and scale for them.
  static func best(_ sample: FitSample) -> LogStudent? {
    guard sample.values.count >= 4, var previous = LogStudent(dof: 4, sample) else { return nil }
    let dof = Search.peak(from: Elementary.log(0.5), to: Elementary.log(100), evaluations: 18) { u in
      guard let fit = LogStudent(dof: Elementary.exp(u), sample, near: previous) else { return -.infinity }
      previous = fit
      return fit.logLikelihood(sample)
    }
    return LogStudent(dof: Elementary.exp(dof), sample, near: previous)
  }
}
