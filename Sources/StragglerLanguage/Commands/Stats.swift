extension Command {
  static let stats = Command(
    "stats", usage: "stats", summary: "the state of the run",
    details: """
      `time` in simulated seconds; `iteration`, the updates of the model; of jobs and their gradients, how many were \
      `assigned`, delivered (`arrivals`), `used`, `discarded` or `cancelled`; `gradients`, the work of all jobs, \
      cancelled ones included; `loss`, `gap` to the least loss, `gradnorm2` = ‖∇f(x)‖², test `accuracy`; `delay_mean` \
      and `delay_max` of used gradients, in updates; `busy`, the share of the time that workers worked, and `useful`, the \
      share of their work that was used; `energy`; `wall`, real seconds; `memory` in bytes; `stopped`, why the run \
      ended. What is not known is nan. The numbers are variables afterwards: `expect gap < 1`.
      """)
}
