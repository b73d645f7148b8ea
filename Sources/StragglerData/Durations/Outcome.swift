// SPDX-License-Identifier: Apache-2.0

/// What became of a job, by the word or the exit code that a record has for it.
enum Outcome {
  case delivered
  case failed

  /// The outcome that `word` stands for; nil for a word that is not known. With `hasSignals`, an exit code
  /// may have a signal behind it, as in Slurm's `1:0`.
  init?(_ word: String, hasSignals: Bool) {
    let key = String(word.lowercased().filter { !"_- ".contains($0) })
    if ["ok", "done", "completed", "success", "succeeded", "finished"].contains(key) {
      self = .delivered
      return
    }
    let codes = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    if codes.count <= (hasSignals ? 2 : 1), let first = codes.first ?? nil, let last = codes.last ?? nil {
      self = first == 0 && last == 0 ? .delivered : .failed
      return
    }
    guard Self.failures.contains(where: { key.hasPrefix($0) }) else { return nil }
    self = .failed
  }

  /// How the words for failures begin; the last three are Slurm's.
  private static let failures = [
    "fail", "error", "killed", "timeout", "cancel", "preempt", "oom", "nodefail", "outofmemory", "bootfail",
    "deadline",
  ]
}
