extension Fleet {
  /// Throws where outages are so much shorter than a job that simulating them would take too long.
  func checkOutages() throws(SetupError) {
    for index in workers.indices {
      guard workers[index].delay.outagePoints <= Outages.mostPoints else {
        throw .impossible(
          "more than a hundred thousand outages in a job",
          remedy: "take larger times for markov(up, down), or put the time that they take into tau=")
      }
    }
  }
}
