// SPDX-License-Identifier: Apache-2.0

/// When a worker is on and off: exponential times with means `up` and `down`, in the long run at every time.
///
/// A job makes progress while its worker is on and pauses while it is off, so that a job's delay
/// depends on when it starts. The outages themselves are a pure function of (seed, worker), whatever is asked
/// of the worker and whenever: under all methods they are the same.
///
/// At the points of a Poisson process of rate 1/up + 1/down the state is drawn anew, on with probability
/// up/(up + down): that is the two-state Markov process (by uniformisation), and any time can be looked up
/// without its past. The points come from streams of their own for each cell of the time axis, four points to
/// a cell.
///
/// Source: A. Jensen, "Markoff chains as an aid in the study of Markoff processes" (1953).
struct Outages: BitwiseCopyable, Sendable {
  let up: Double
  let down: Double

  /// Jobs with more points than this are refused beforehand.
  static var mostPoints: Double { 1e5 }

  /// Beyond that many cells times are coarser than a cell.
  fileprivate static var lastCell: Int { Int(whole: 0x1p53) }

  fileprivate var rate: Double { 1 / up + 1 / down }
  fileprivate var cell: Double { 4 / rate }

  /// How many points a job of `work` seconds meets on average.
  func points(work: Double) -> Double { (work + work * (down / up)) * rate }

  /// Seconds that a job of `work` seconds pauses if it starts at `start`. `worker` is any stream of the
  /// worker.
  ///
  /// O(1 + points in the job).
  func pause(of work: Double, from start: Double, worker: RandomStream) -> Double {
    guard work < .infinity, start >= 0, start < .infinity, cell > 0, cell < .infinity else { return 0 }
    let number = (start / cell).rounded(.down)
    let isFine = number < Double(Self.lastCell)
    var index = isFine ? Int(number) : Self.lastCell
    var place = isFine ? max(0, min(cell, start - number * cell)) : 0
    var points = Points(self, index, worker)
    var isOn: Bool? = nil
    while points.next <= place { isOn = points.draw() }
    var state = isOn ?? lastState(before: index, worker)
    var (rest, pause) = (work, 0.0)
    var steps = 0
    while steps < 1 << 20 {
      steps += 1
      let end = min(points.next, cell)
      let span = end - place
      if state {
        if span >= rest { return pause }
        rest -= span
      } else {
        pause += span
      }
      place = end
      if points.next < cell {
        state = points.draw()
      } else {
        index &+= 1
        place = 0
        points = Points(self, index, worker)
      }
    }
    return pause
  }

  /// The state that the last point before cell `index` has left.
  fileprivate func lastState(before index: Int, _ worker: RandomStream) -> Bool {
    var cellIndex = index
    // A cell is empty with probability e⁻⁴.
    while cellIndex > index - 256 {
      cellIndex -= 1
      var points = Points(self, cellIndex, worker)
      var state: Bool? = nil
      while points.next < cell { state = points.draw() }
      if let state { return state }
    }
    return true
  }

  /// The points of a cell, one after another.
  fileprivate struct Points {
    /// Where the next one is, from the start of the cell; beyond its end where there is none.
    private(set) var next: Double
    private var stream: RandomStream
    private let rate: Double
    private let share: Double

    init(_ outages: Outages, _ cell: Int, _ worker: RandomStream) {
      stream = RandomStream(beside: worker, purpose: .outage, job: cell)
      rate = outages.rate
      share = outages.up / (outages.up + outages.down)
      next = -Elementary.log(stream.uniform()) / rate
    }

    /// Passes the next point: the state that it draws.
    mutating func draw() -> Bool {
      let isOn = stream.uniform() < share
      next += -Elementary.log(stream.uniform()) / rate
      return isOn
    }
  }
}

/// The times on and off of a worker with outages, one after another.
struct OutageWalk {
  /// Whether the worker is on until `end`.
  private(set) var isOn: Bool
  /// When that changes.
  private(set) var end: Double

  private let outages: Outages
  private let worker: RandomStream
  private var index: Int
  private var points: Outages.Points

  /// Starts at `start`, which is not negative. `worker` is any stream of the worker.
  init(_ outages: Outages, from start: Double, worker: RandomStream) {
    (self.outages, self.worker) = (outages, worker)
    let number = (start / outages.cell).rounded(.down)
    let isFine = number < Double(Outages.lastCell)
    index = isFine ? Int(number) : Outages.lastCell
    let place = isFine ? max(0, min(outages.cell, start - number * outages.cell)) : 0
    points = Outages.Points(outages, index, worker)
    var state: Bool? = nil
    while points.next <= place { state = points.draw() }
    isOn = state ?? outages.lastState(before: index, worker)
    end = start
    findEnd()
  }

  /// Goes on to the next time on or off.
  mutating func advance() {
    isOn.toggle()
    findEnd()
  }

  /// The state is drawn anew at every point, and only some of them change it.
  private mutating func findEnd() {
    var steps = 0
    while steps < 1 << 20 {
      steps += 1
      if points.next < outages.cell {
        let time = Double(index) * outages.cell + points.next
        if points.draw() != isOn {
          end = max(end, time)
          return
        }
      } else {
        index &+= 1
        points = Outages.Points(outages, index, worker)
      }
    }
    end = .infinity
  }
}
