// SPDX-License-Identifier: Apache-2.0

#if MPI
  public import StragglerCore

  /// The head of a message between the server and a worker. What follows it, in the same message, is a point
  /// or a gradient.
  ///
  /// To every order a worker gives one answer; steps and the wish to stop are no answers.
  @usableFromInline
  struct MessageHead: BitwiseCopyable {
    /// What a message says.
    @usableFromInline
    enum Kind: Int, BitwiseCopyable {
      // Orders: as the cases of `JobTask`, and the end of a run.
      case gradients, local, openEnded, sum, stop, leave
      // Answers.
      case delivered, expired, withdrawn, failed
      // What needs no order.
      case step, interrupt
    }

    @usableFromInline var kind: Kind
    @usableFromInline var ticket: UInt64 = 0
    /// Whether a vector follows.
    @usableFromInline var hasBody = false
    /// The gradients of the job; for `failed` and `leave` the length of the text that follows as a message.
    @usableFromInline var count = 0
    /// The number of the job's last gradient; for `leave` the reason, as `StopReason` numbers it.
    @usableFromInline var number = 0
    @usableFromInline var version = 0
    /// The steps of open-ended work that have been reported.
    @usableFromInline var made = 0
    /// γ of local steps.
    @usableFromInline var stepsize = Double.nan
    @usableFromInline var allotted = Double.infinity

    @inlinable
    init(_ kind: Kind, ticket: UInt64 = 0) { (self.kind, self.ticket) = (kind, ticket) }

    @inlinable
    init(_ order: JobOrder) {
      switch order.task {
      case .gradient, .batch: kind = .gradients
      case .local: kind = .local
      case .openEnded(_, let made):
        kind = .openEnded
        self.made = made
      case .sum: kind = .sum
      case .stop: kind = .stop
      }
      (ticket, count, number) = (order.ticket, order.gradients, order.number)
      (version, stepsize, allotted) = (order.version, order.stepsize, order.allotted)
    }

    /// The order to begin the job anew, of whose steps `steps` more have been reported.
    @inlinable
    func again(steps: Int) -> MessageHead {
      guard kind == .openEnded else { return self }
      var head = self
      head.made += steps
      head.count += steps
      head.number += steps
      return head
    }
  }
#endif
