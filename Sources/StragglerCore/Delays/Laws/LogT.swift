struct LogTLaw: NumericDelayLaw {
  static var name: StaticText { "logt" }
  static var parameters: StaticText { "mu sigma dof" }
  static var parameterCount: Int { 3 }
  static var summary: StaticText {
    "the logarithm is mu + sigma·T, Student's T with dof degrees of freedom; no mean"
  }

  let mu, sigma, dof: Double

  init(mu: Double, sigma: Double, dof: Double) { (self.mu, self.sigma, self.dof) = (mu, sigma, dof) }
  init(_ values: SIMD4<Double>) { self.init(mu: values[0], sigma: values[1], dof: values[2]) }
  var values: SIMD4<Double> { SIMD4(mu, sigma, dof, 0) }
  var delay: Delay { .logt(mu: mu, sigma: sigma, dof: dof) }
  var problem: DelayError? {
    requireFinite(mu, "mu") ?? requireNonNegative(sigma, "sigma") ?? requirePositive(dof, "dof")
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
}
