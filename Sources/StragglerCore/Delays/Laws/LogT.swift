// SPDX-License-Identifier: Apache-2.0

extension Delay {
  /// ln η is mu + sigma·T with Student's T of dof degrees of freedom.
  public static func logt(mu: Double, sigma: Double, dof: Double) -> Delay {
    Delay(library: LogTLaw(mu: mu, sigma: sigma, dof: dof))
  }
}

struct LogTLaw: LibraryLaw {
  static var name: StaticText { "logt" }
  static var summary: StaticText {
    "the logarithm is mu + sigma·T, Student's T with dof degrees of freedom; no mean"
  }
  static var code: LawCode { { Self.answer($0) } }

  var mu = 0.0, sigma = 0.0, dof = 1.0

  mutating func parameters(_ parameters: inout LawParameters) {
    parameters.finite("mu", &mu)
    parameters.nonnegative("sigma", &sigma)
    parameters.positive("dof", &dof)
  }

  /// T = N/√(χ²/dof).
  func sample(_ stream: inout RandomStream, job: Int) -> Double {
    if sigma == 0 { return Elementary.exp(mu) }
    let z = stream.normal()
    let half = 0.5 * dof
    return Elementary.exp(mu + sigma * (z * (half / stream.gamma(shape: half)).squareRoot()))
  }

  func cdf(_ t: Double) -> Double {
    if sigma == 0 { return t >= Elementary.exp(mu) ? 1 : 0 }
    return Special.studentCDF((Elementary.log(t) - mu) / sigma, dof: dof)
  }

  func quantile(_ p: Double) -> Double {
    sigma == 0 ? Elementary.exp(mu) : Elementary.exp(mu + sigma * Special.studentQuantile(p, dof: dof))
  }

  var mean: Double { sigma == 0 ? Elementary.exp(mu) : .infinity }

  func partialMean(_ t: Double) -> Double {
    if sigma == 0 { return t >= mean ? mean : 0 }
    let student = Student(dof: dof)
    return Quadrature.partialMeanOfExponential(upTo: t, center: mu, scale: sigma) { student.density($0) }
  }

  func elasticity(_: Double, _ x: Double) -> Double { elasticity(x, Student(dof: dof)) }

  private func elasticity(_ x: Double, _ student: Student) -> Double {
    if sigma == 0 { return 0 }
    let z = (x - mu) / sigma
    return student.density(z) / (sigma * student.cdf(z))
  }

  func clip(for gain: ClippingGain, near start: ClippingStart?) -> Double {
    if sigma == 0 { return ConstantLaw(seconds: mean).clip(for: gain, near: start) }
    let student = Student(dof: dof)
    return gain.highestPeak(
      center: mu, width: sigma, near: start, cdf: { _, x in student.cdf((x - mu) / sigma) },
      elasticity: { _, x in elasticity(x, student) })
  }

  func logDensity(_ t: Double) -> Double {
    guard t > 0 else { return -.infinity }
    let log = Elementary.log(t)
    let z = (log - mu) / sigma
    return Special.logStudentConstant(dof) - 0.5 * (dof + 1) * Elementary.log1p(z * z / dof)
      - Elementary.log(sigma) - log
  }
  func atSpeed(_ c: Double) -> LogTLaw? { LogTLaw(mu: mu - Elementary.log(c), sigma: sigma, dof: dof) }
}
