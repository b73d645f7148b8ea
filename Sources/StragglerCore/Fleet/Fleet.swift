// SPDX-License-Identifier: Apache-2.0

/// A worker: how long its jobs take and what they cost.
public struct Worker: BitwiseCopyable, Sendable {
  /// τ, the sure part of a job's duration, in simulated seconds.
  public var tau: Double
  /// The law of η as it was given; what it says of jobs of τ seconds is `delay`.
  @usableFromInline var law: Delay
  /// Energy for a busy second.
  public var power: Double
  /// `upload`, kept beside what it is made of: every job needs it.
  @usableFromInline var messageSeconds: Double
  /// Seconds that the worker waits for the model when it is given a point that it does not hold.
  public var download = 0.0
  /// The part of `upload` that a message takes whatever its length.
  public private(set) var latency: Double
  /// Seconds for a coordinate of a message.
  public private(set) var uploadPerCoordinate = 0.0
  /// The coordinates of a whole gradient, as far as they count.
  @usableFromInline var coordinates = 0.0

  /// A worker whose gradient takes `tau` + η + `upload` seconds, η drawn from `delay` for every job.
  ///
  /// Nothing is checked here: `tau`, `upload`, `power` and `download` are meant to be finite and not
  /// negative, and `Delay.validate()` throws what is wrong with a law.
  public init(tau: Double, delay: Delay = .none, upload: Double = 0, power: Double = 1) {
    self.tau = tau
    self.law = delay
    self.power = power
    messageSeconds = upload
    latency = upload
  }

  /// The distribution of η, the random part; of outages that of jobs of τ seconds.
  // In this module it would be compiled with an accessor that allocates.
  @_alwaysEmitIntoClient public var delay: Delay {
    get { law.during(tau) }
    set { law = newValue }
  }

  /// Seconds that a gradient takes to the server.
  public var upload: Double {
    @inlinable get { messageSeconds }
    set {
      latency = newValue - uploadPerCoordinate * coordinates
      sumUpload()
    }
  }

  private mutating func sumUpload() { messageSeconds = latency + uploadPerCoordinate * coordinates }

  /// Adds `seconds` for every coordinate of a message; a whole gradient has `dimension` of them.
  public mutating func slowUpload(perCoordinate seconds: Double, dimension: Int) {
    uploadPerCoordinate += seconds
    coordinates = Double(dimension)
    sumUpload()
  }

  /// Adds `seconds` for each of the `dimension` coordinates of the model, which is downloaded whole.
  public mutating func slowDownload(perCoordinate seconds: Double, dimension: Int) {
    download += seconds * Double(dimension)
  }

  /// The sure part of a job that succeeds: τ and the upload.
  @inlinable public var sureDuration: Double { tau + upload }

  /// Seconds that a message of `coordinates` takes.
  @inlinable
  public func messageDuration(coordinates: Int) -> Double {
    latency + uploadPerCoordinate * Double(coordinates)
  }

  /// What stands for the duration of a gradient in theory for fixed durations, the upload apart.
  public var typicalComputation: Double {
    let mean = tau + delay.mean
    return mean < .infinity ? mean : tau + delay.quantile(0.5)
  }

  /// The mean duration of a gradient, the upload apart: τ plus the mean of η, infinite where that is.
  public var computationMean: Double { tau + delay.mean }

  /// The mean duration of a job: τ plus the mean of η plus the upload; infinite where the mean of η is.
  public var meanDuration: Double { tau + delay.mean + upload }

  /// The mean seconds that one of the `gradients` of a job takes, with its share of the job's messages, of
  /// which that to the server has `coordinates`; infinite where the mean of η is.
  public func meanGradient(of gradients: Int, coordinates: Int?) -> Double {
    let sent = coordinates.map { messageDuration(coordinates: $0) } ?? upload
    let count = Double(max(1, gradients))
    return (count * computationMean + (sent + download)) / count
  }

  /// What stands for τᵢ in theory for fixed durations: the mean duration, or the median where the mean is
  /// infinite.
  public var typicalDuration: Double {
    let mean = meanDuration
    return mean < .infinity ? mean : tau + delay.quantile(0.5) + upload
  }
}

/// The workers of a run, in the caller's memory.
public struct Fleet: BitwiseCopyable, Sendable {
  /// Worker i at index i, from 0; empty in a measuring arena.
  public let workers: Table<Worker>
  /// n, also where the arena only measures and `workers` is empty.
  public let count: Int
  /// The speeds of the workers, where some of them change; otherwise empty. The workers are then as they
  /// would be at their mean speeds, as formulas have them.
  public let speeds: Table<Speed>

  /// A view of `workers`; `count` says how many there will be where the table is a measuring arena's.
  /// `speeds` has one for each worker, or none.
  public init(_ workers: Table<Worker>, count: Int? = nil, speeds: Table<Speed> = Table()) {
    self.workers = workers
    self.count = count ?? workers.count
    self.speeds = speeds
  }

  /// Whether some worker waits for the model. O(n).
  public var hasDownloads: Bool {
    for index in workers.indices where workers[index].download > 0 { return true }
    return false
  }

  /// Worker number `index`, from 0 to n − 1; traps beyond.
  @inlinable public subscript(index: Int) -> Worker { workers[index] }

  /// The worker with the smallest τ, of several the one with the smallest mean η, then the first: for methods
  /// of a single worker, which sends no messages. O(n).
  public var fastest: Int {
    var best = 0
    for index in workers.indices.dropFirst() {
      let (a, b) = (workers[index], workers[best])
      if a.tau < b.tau || (a.tau == b.tau && a.delay.mean < b.delay.mean) { best = index }
    }
    return best
  }
}
