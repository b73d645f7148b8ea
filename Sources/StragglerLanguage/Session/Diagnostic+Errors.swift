// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

extension Diagnostic {
  /// The error of a file that is named at `place`.
  init(_ error: DataError, at place: Place) {
    var about = error
    about.remedy = ""
    self.init(about.description, remedy: error.remedy.isEmpty ? nil : error.remedy, at: place)
  }

  /// The lab's error, located at the key that caused it, the first of `candidates` that has it, or else at
  /// `place`.
  init(_ error: LabError, at place: Place, blaming candidates: BoundArguments?...) {
    self.init(error, at: place, blaming: candidates)
  }

  init(_ error: LabError, at place: Place, blaming candidates: [BoundArguments?]) {
    let blamed = error.key.flatMap { key in
      candidates.lazy.compactMap { candidate in
        candidate?.keyed.first { $0.name == key || $0.spelling == key }?.value.place
      }.first
    }
    self.init(error.message, remedy: error.remedy, at: blamed ?? place)
    isInterruption = error == .interrupted
  }

  /// The lab's error about what a file holds.
  init(_ error: LabError, ofFile path: String, at place: Place) {
    self.init("\(path): \(error.message)", remedy: error.remedy, at: place)
  }

  /// Nothing is wrong: the command was given up as the user asked for.
  static func interruption(at place: Place) -> Diagnostic {
    var diagnostic = Diagnostic(.interrupted, at: place)
    diagnostic.isInterruption = true
    return diagnostic
  }
}
