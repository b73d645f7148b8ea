// SPDX-License-Identifier: Apache-2.0

#if MPI
  /// MPI could not do what it was asked for; the other ranks may wait for this one for ever, unless
  /// `Ranks.abort(status:)` ends them.
  public struct MPIError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was to be done.
    public let what: String
    /// The number of the error, as MPI has it.
    public let code: Int32
    /// What MPI says about it.
    public let text: String

    public var description: String {
      "MPI could not \(what): \(text); check that the program was started by mpirun or srun of the MPI "
        + "that it was built with"
    }
  }

  /// What has gone wrong on a rank, and has ended the run on all of them.
  public struct RankFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The rank, from 0.
    public let rank: Int
    /// The number of the job that failed, from 1; nil where it was none.
    public let job: Int?
    /// The words of the error.
    public let message: String

    /// The failure of job `job` on rank `rank`.
    public init(rank: Int, job: Int?, message: String) {
      (self.rank, self.job, self.message) = (rank, job, message)
    }

    public var description: String {
      job.map { "job \($0) of rank \(rank) failed: \(message)" } ?? "rank \(rank) failed: \(message)"
    }
  }
#endif
