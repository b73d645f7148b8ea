// SPDX-License-Identifier: Apache-2.0

// Methods by the names of their parameters, checked where they are written:
//
//     let rennala = try Rennala(batch: 20, gamma: 0.5)
//
// What is left out comes from the theorem. A method has every parameter as a property, too; those are checked
// when a run or a server is set up.

extension Method {
  /// Throws where a parameter that was given is out of the range of its key.
  public func checkParameters() throws(SetupError) {
    var copy = self
    var keys = Keys.describing()
    keys.takesSchedule = Self.modifiers.stepsize
    try copy.keys(&keys)
  }
}

extension Asynchronous {
  /// Asynchronous SGD with the stepsize `gamma`. Throws where that is out of range.
  public init(gamma: Double) throws(SetupError) {
    self.init()
    self.gamma = Parameter(gamma)
    try checkParameters()
  }
}

extension Minibatch {
  /// Minibatch SGD with the stepsize `gamma`. Throws where that is out of range.
  public init(gamma: Double) throws(SetupError) {
    self.init()
    self.gamma = Parameter(gamma)
    try checkParameters()
  }
}

extension MSynchronous {
  /// m-Synchronous SGD, which waits for `m` workers. Throws where a parameter is out of range.
  public init(m: Int, gamma: Double? = nil) throws(SetupError) {
    self.init()
    self.m = Parameter(m)
    self.gamma.given = gamma
    try checkParameters()
  }
}

extension Rennala {
  /// Rennala SGD with batches of `batch`; with `stops` the workers drop their jobs at every update. Throws
  /// where a parameter is out of range.
  public init(batch: Int, gamma: Double? = nil, stops: Bool = false) throws(SetupError) {
    self.init()
    self.batch = Parameter(batch)
    self.gamma.given = gamma
    self.stops = stops
    try checkParameters()
  }
}

extension Ringmaster {
  /// Ringmaster ASGD, which takes gradients of delays below `threshold`, R; with `stops` jobs that are older
  /// are dropped. Throws where a parameter is out of range.
  public init(threshold: Int, gamma: Double? = nil, stops: Bool = false) throws(SetupError) {
    self.init()
    self.threshold = Parameter(threshold)
    self.gamma.given = gamma
    self.stops = stops
    try checkParameters()
  }
}

extension Malenia {
  /// Malenia SGD with `batch` for S; with `stops` the workers drop their jobs at every update. Throws where a
  /// parameter is out of range.
  public init(batch: Int, gamma: Double? = nil, stops: Bool = false) throws(SetupError) {
    self.init()
    self.batch = Parameter(batch)
    self.gamma.given = gamma
    self.stops = stops
    try checkParameters()
  }
}

extension Ringleader {
  /// Ringleader ASGD with the stepsize `gamma`. Throws where that is out of range.
  public init(gamma: Double, refresh: Bool = false) throws(SetupError) {
    self.init()
    self.gamma = Parameter(gamma)
    self.refresh = refresh
    try checkParameters()
  }
}

extension MindFlayer {
  /// MindFlayer SGD with `trials` of every worker for an update, which are given up after `clip`. Throws
  /// where a parameter is out of range.
  public init(trials: Int, clip: Clip = .median, gamma: Double? = nil) throws(SetupError) {
    guard trials >= 1 else { throw .invalid(key: "trials", expected: "a positive integer") }
    self.init()
    self.trials = .same(Double(trials))
    self.clip = clip
    self.gamma.given = gamma
    try checkParameters()
  }
}
