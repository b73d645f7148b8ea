// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// The file of `log`. An error is kept until `check`: events come from within a run.
final class EventSink {
  private let file: LogFile
  private var failure: DataError?

  init(_ path: String) throws(DataError) {
    file = try LogFile(path)
    try file.append(EventReport.header)
  }

  /// Takes an event of a fleet whose workers may have `names`.
  func append(_ entry: LogEntry, names: [String]) {
    guard failure == nil else { return }
    do { try file.append(EventReport.line(entry, names: names)) } catch { failure = error }
  }

  /// Brings everything to the file; throws what went wrong since the last time.
  func check(at place: Place) throws(Diagnostic) {
    do throws(DataError) {
      if let failure { throw failure }
      try file.flush()
    } catch {
      failure = nil
      throw Diagnostic(error, at: place)
    }
  }

  func finish() throws(DataError) { try file.close() }
}
