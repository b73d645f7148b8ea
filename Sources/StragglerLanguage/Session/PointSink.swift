// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

/// A file that takes the points of a run one by one, each as a line of JSON that can be read at once.
final class PointSink {
  private let file: LogFile
  private var failure: DataError?

  init(_ path: String) throws(DataError) { file = try LogFile(path) }

  /// Takes a point of a run.
  func append(_ point: TracePoint, method: String, seed: UInt64) {
    guard failure == nil else { return }
    do throws(DataError) {
      try file.appendLine(TraceReport.json(point, method: method, seed: seed).line)
      try file.flush()
    } catch { failure = error }
  }

  /// Throws what went wrong.
  func check(at place: Place) throws(Diagnostic) {
    if let failure { throw Diagnostic(failure, at: place) }
  }
}
