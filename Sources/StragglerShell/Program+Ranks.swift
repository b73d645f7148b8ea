// SPDX-License-Identifier: Apache-2.0

import StragglerData
import StragglerLab
import StragglerLanguage

#if MPI
  import StragglerMPI

  extension Program {
    /// Carries out the script on all ranks of an MPI job: rank 0 reads and writes for all.
    func runOverRanks(_ arguments: Arguments) -> ExitStatus {
      let ranks: Ranks
      do throws(MPIError) { ranks = try Ranks.start() } catch {
        StandardStream(2).write("straggler: \(TerminalSafety.line(error.description))\n")
        return .failure
      }
      let crew = Crew(RanksLine(ranks))
      Interruption.install(endsAtSecond: true, redraws: false)
      let isForm = System.isTerminal(2) && !System.hasDumbTerminal
      let form: ProgressBar.Form = arguments.isQuiet || !ranks.isFirst ? .none : isForm ? .bar : .lines
      let bar = ProgressBar(descriptor: 2, form: form)
      let output = ranks.isFirst ? StandardStream(1, bar: bar) : StandardStream(silent: 1)
      let errors = ranks.isFirst ? StandardStream(2, bar: bar) : StandardStream(silent: 2)
      var result: ExitStatus
      do throws(LabError) {
        result = try run(arguments, crew, output, errors, bar)
        bar.finish()
        let message = try crew.end(
          status: result.rawValue, message: errors.text, clock: { System.seconds })
        if let message, !message.isEmpty {
          errors.write("straggler: \(TerminalSafety.line(message))\n")
          result = .failure
        }
        result = ranks.isFirst ? status(result, after: output, errors) : .success
        guard message != nil else {
          ranks.abort(status: result.rawValue)
          return result
        }
        do throws(MPIError) { try ranks.finish() } catch { throw LabError(error.description) }
        return result
      } catch {
        bar.finish()
        if ranks.isFirst { errors.write("straggler: \(TerminalSafety.line(error.description))\n") }
        ranks.abort(status: ExitStatus.failure.rawValue)
        return .failure
      }
    }

    private func run(
      _ arguments: Arguments, _ crew: Crew, _ output: StandardStream, _ errors: StandardStream,
      _ bar: ProgressBar
    ) throws(LabError) -> ExitStatus {
      let style = Style(
        allowsColor: arguments.allowsColor, isJSON: arguments.isJSON, output: output, errors: errors)
      let session = Session(
        arguments, catalogue, output: output, errors: errors, bar: bar, style: style, isInteractive: false,
        history: { [] }, crew: crew)
      let name: String =
        switch arguments.source {
        case .commands: "<command>"
        case .file(let path): path
        case .standardInput, .unspecified: "<stdin>"
        }
      do throws(LabError) {
        let text = try crew.onFirst { () throws(LabError) in try script(arguments.source) }
        return ExitStatus(session.execute(try crew.share { text ?? [] }, source: name))
      } catch {
        if error == .interrupted { return .interrupted }
        errors.write("straggler: \(TerminalSafety.line(error.description))\n")
        return .failure
      }
    }

    /// The whole script.
    private func script(_ source: Arguments.Source) throws(LabError) -> [UInt8] {
      do throws(DataError) {
        switch source {
        case .commands(let text): return [UInt8](text.utf8)
        case .file(let path): return try Files.read(path)
        case .standardInput, .unspecified: return try Files.read("/dev/stdin")
        }
      } catch {
        if Interruption.isRequested { throw .interrupted }
        throw LabError(error.description)
      }
    }
  }

  /// Messages between ranks by MPI.
  private final class RanksLine: RankLine {
    private let ranks: Ranks

    init(_ ranks: Ranks) { self.ranks = ranks }

    var rank: Int { ranks.rank }
    var count: Int { ranks.count }
    var isOwnThread: Bool { ranks.isOwnThread }

    func send(_ message: [UInt8], to rank: Int) throws(LabError) {
      do throws(MPIError) { try ranks.send(message, to: rank) } catch { throw LabError(error.description) }
    }

    func receive() throws(LabError) -> (message: [UInt8], rank: Int)? {
      do throws(MPIError) { return try ranks.receive() } catch { throw LabError(error.description) }
    }

    func rest(after looks: Int) { Patience.rest(after: looks) }
  }
#else
  extension Program {
    func runOverRanks(_ arguments: Arguments) -> ExitStatus {
      StandardStream(2).write(
        "straggler: this program was built without MPI; build it by "
          + "swift build -c release --traits MPI,LineEditing --product straggler, "
          + "or divide sweeps with --shard\n")
      return .usage
    }
  }
#endif
