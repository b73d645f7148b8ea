// SPDX-License-Identifier: Apache-2.0

/// The step that a batch of gradients makes: plain, x^{k+1} = x^k − γg, or that of the accelerated methods,
/// with three sequences (`AcceleratedRennala` has the formulas).
struct BatchUpdate: BitwiseCopyable, Sendable {
  /// Where the gradients are added up.
  private(set) var sum = Slot()
  private var isAccelerated = false
  private var x = Slot()
  private var u = Slot()

  init() {}

  /// Takes the slots.
  init(_ setup: inout Setup, isAccelerated: Bool) {
    self.isAccelerated = isAccelerated
    if isAccelerated {
      x = setup.slot()
      u = setup.slot()
    }
    sum = setup.slot()
  }

  /// At x⁰.
  func begin(_ server: inout Server) {
    guard isAccelerated else { return }
    server.load(x)
    server.load(u)
  }

  /// Steps along the sum over `count`, and empties it.
  func step(by gamma: Double, over count: Double, _ server: inout Server) {
    guard isAccelerated else { return server.step(along: sum, by: gamma / count) }
    let k = Double(server.iteration)
    let alpha = 2 / (k + 2)
    server.combine(u, with: sum, times: -gamma * (k + 1) / count)
    server.clear(sum)
    server.combine(x, scaledBy: 1 - alpha, with: u, times: alpha)
    server.step(to: x, aheadTowards: u, by: 2 / (k + 3))
  }
}
