// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

// What a session does otherwise where others carry out the same commands on other ranks.

extension Workspace {
  /// Whether this session writes files.
  var writes: Bool { world.crew?.isFirst ?? true }

  /// How many ranks work together, in words that end a line of progress.
  var ranksAtWork: String {
    guard let crew = world.crew, crew.count > 1 else { return "" }
    return ", \(crew.workers) \(crew.workers == 1 ? "rank" : "ranks")"
  }

  /// Carries out `body` on rank 0 alone; where it fails the command does on all ranks. Gives nil on the
  /// others.
  func onFirstRank<Result>(
    at place: Place, _ body: () throws(LabError) -> Result
  ) throws(Diagnostic) -> Result? {
    do throws(LabError) {
      guard let crew = world.crew else { return try body() }
      return try crew.onFirst(body)
    } catch { throw Diagnostic(error, at: place) }
  }

  /// Writes a file, whole or not at all.
  func write(_ bytes: [UInt8], to file: Given<String>) throws(Diagnostic) {
    _ = try onFirstRank(at: file.place) { () throws(LabError) in
      do throws(DataError) { try StragglerData.Files.write(bytes, to: file.value) } catch {
        var about = error
        about.remedy = ""
        throw LabError(about.description, remedy: error.remedy.isEmpty ? nil : error.remedy)
      }
    }
  }
}
