// SPDX-License-Identifier: Apache-2.0

extension Fleet {
  /// Throws where outages are so much shorter than a job that simulating them would take too long.
  func checkOutages() throws(SetupError) {
    try checkOutagesOfSpeeds()
    for index in workers.indices {
      guard workers[index].delay.outagePoints <= Outages.mostPoints else {
        throw .impossible(
          "more than a hundred thousand outages in a job",
          remedy: "take larger times for markov(up, down), or put the time that they take into tau=")
      }
    }
  }

  /// The same for workers whose speeds change. A job that begins again until it meets no outage takes
  /// up(e^{w/up} − 1) seconds on, on average.
  private func checkOutagesOfSpeeds() throws(SetupError) {
    for index in speeds.indices where !speeds[index].isNominal {
      let speed = speeds[index]
      guard let outages = speed.outages, speed.mean > 0 else { continue }
      let share = outages.up / (outages.up + outages.down)
      let work = (speed.tau + speed.delay.mean) / (speed.mean / share)
      guard work < .infinity else { continue }
      let on = speed.offline == .restart ? outages.up * Elementary.expm1(work / outages.up) : work
      guard outages.points(work: on) <= Outages.mostPoints else {
        throw .impossible(
          "more than a hundred thousand outages in a job",
          remedy: "take larger times for markov(up, down), or offline=pause")
      }
    }
  }
}
