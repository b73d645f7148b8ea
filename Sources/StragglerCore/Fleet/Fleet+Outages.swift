extension Fleet {
  /// Throws where outages are so much shorter than a job that simulating them would take too long.
  func checkOutages() throws(SetupError) {
    for index in workers.indices {
      guard case .markov(let up, let down, let work) = workers[index].delay, work < .infinity else {
        continue
      }
      guard Outages(up: up, down: down).points(work: work) <= Outages.mostPoints else {
        throw .impossible(
          "more than a hundred thousand outages in a job",
          remedy: "take larger times for markov(up, down), or put the time that they take into tau=")
      }
    }
  }
}
