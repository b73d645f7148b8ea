// SPDX-License-Identifier: Apache-2.0

/// How much a worker of Shadowheart SGD does in an iteration.
public struct ShadowheartShare: BitwiseCopyable, Sendable {
  /// bᵢ, the gradients that it sums up.
  public var gradients: Int
  /// mᵢ, the compressed messages that it sends about the sum.
  public var messages: Int
  /// wᵢ, the weight of a message; 0 where the worker does not take part.
  public var weight: Double

  /// wᵢ = (ωbᵢ + ωσ²/ε + mᵢσ²/ε)⁻¹; 1 where ω = σ² = 0.
  @inlinable
  public init(gradients: Int, messages: Int, omega: Double, ratio: Double) {
    self.gradients = gradients
    self.messages = messages
    let variance = omega * Double(gradients) + omega * ratio + Double(messages) * ratio
    weight = gradients == 0 || messages == 0 ? 0 : (variance > 0 ? 1 / variance : 1)
  }

  /// wᵢmᵢbᵢ. Where these sum up to 1, the estimator's variance is at most ‖∇f‖² + ε.
  @inlinable public var contribution: Double { weight * Double(messages) * Double(gradients) }
}

/// The equilibrium time of workers that compute and send, for Shadowheart SGD.
///
/// Where workers wait for the model, only those take part to whom it comes within the equilibrium time, so
/// that an iteration takes at most three of these instead of two.
///
/// Source: Tyurin, Pozzi, Ilin, Richtárik, "Shadowheart SGD" (2024); there the model comes in no time.
public struct ShadowheartTime: BitwiseCopyable, Sendable {
  /// hᵢ, the seconds of a gradient.
  let computation: Table<Double>
  /// τᵢ, the seconds of a compressed message.
  let message: Table<Double>
  /// dᵢ, the seconds that the model takes to a worker; empty where it takes none.
  let download: Table<Double>
  /// The workers in the order of max{hᵢ, τᵢ, dᵢ}.
  let order: Table<Int32>
  let omega: Double
  /// σ²/ε.
  let ratio: Double
  /// t*, the equilibrium time in seconds.
  public private(set) var seconds = 0.0
  /// j*, how many of the workers attain t*.
  public private(set) var workers = 0

  /// t* = min_j max{max{h_j, τ_j, d_j}, s_j}, the workers in the order of max{hᵢ, τᵢ, dᵢ}, which `order` is
  /// for. Without `download`, all dᵢ are 0.
  ///
  /// s_j falls with j and max{h_j, τ_j, d_j} rises, so that t* is where they cross: O(n log² n).
  public init(
    computation: Table<Double>, message: Table<Double>, download: Table<Double> = Table(),
    order: Table<Int32>, omega: Double, ratio: Double
  ) {
    self.download = download
    self.computation = computation
    self.message = message
    self.order = order
    self.omega = omega
    self.ratio = ratio
    for index in order.indices { order[index] = Int32(truncatingIfNeeded: index) }
    let times = self
    order.heapSort(by: { a, b in
      let (x, y) = (times.least(a), times.least(b))
      return x < y || (x == y && a < b)
    })
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      if slowest(among: middle + 1) >= balance(of: middle + 1) { high = middle } else { low = middle + 1 }
    }
    // The first `low` workers are faster than their balance, one more is not.
    let before = low > 0 ? balance(of: low) : .infinity
    let after = low < order.count ? slowest(among: low + 1) : .infinity
    (seconds, workers) = before <= after ? (before, low) : (after, low + 1)
  }

  /// max{h_j, τ_j, d_j} of worker number `j` in the order.
  func slowest(among j: Int) -> Double { least(order[j - 1]) }

  private func least(_ worker: Int32) -> Double {
    let seconds = max(computation[Int(worker)], message[Int(worker)])
    return download.isEmpty ? seconds : max(seconds, download[Int(worker)])
  }

  /// s_j, the root s of (Σ_{i≤j} 1/(2τᵢω + 4τᵢhᵢωσ²/(sε) + 2hᵢσ²/ε))⁻¹ = s; by bisection to the last bit.
  public func balance(of j: Int) -> Double {
    // The root lies between the least of the workers' own roots divided by j and that root itself.
    var least = Double.infinity
    for index in 0..<j {
      let (linear, constant) = coefficients(Int(order[index]))
      least = min(least, (linear + (linear * linear + 4 * constant).squareRoot()) / 2)
    }
    guard least > 0, least < .infinity else { return least }
    var (low, high) = (least / Double(j), least)
    while true {
      let middle = low + (high - low) / 2
      guard middle > low, middle < high else { return high }
      if sum(j, at: middle) < 1 { low = middle } else { high = middle }
    }
  }

  /// Σ_{i≤j} s/(2τᵢω + 4τᵢhᵢωσ²/(sε) + 2hᵢσ²/ε), which rises with s.
  private func sum(_ j: Int, at s: Double) -> Double {
    var sum = 0.0
    for index in 0..<j {
      let (linear, constant) = coefficients(Int(order[index]))
      if linear < .infinity { sum += s / (linear + constant / s) }
    }
    return sum
  }

  /// 2τω + 2hσ²/ε and 4τhωσ²/ε; infinite for a worker that never finishes.
  private func coefficients(_ worker: Int) -> (linear: Double, constant: Double) {
    let (h, tau) = (computation[worker], message[worker])
    guard h < .infinity, tau < .infinity else { return (.infinity, 0) }
    return (2 * tau * omega + 2 * h * ratio, 4 * tau * h * omega * ratio)
  }

  /// bᵢ = ⌊t*/hᵢ⌋, mᵢ = ⌊t*/τᵢ⌋ and wᵢ of a worker.
  ///
  /// All are 0 where the model does not come to it within t*. At most `limit` messages. Gradients that take
  /// no time are bounded by 1 + σ²/ε, messages that take none by d/K = 1 + ω: more would gain nothing.
  public func share(of worker: Int, limit: Int = .max) -> ShadowheartShare {
    if !download.isEmpty, download[worker] > seconds {
      return ShadowheartShare(gradients: 0, messages: 0, omega: omega, ratio: ratio)
    }
    let gradients = Self.quotient(seconds, computation[worker], free: 1 + ratio)
    let messages = min(limit, Self.quotient(seconds, message[worker], free: 1 + omega))
    return ShadowheartShare(gradients: gradients, messages: messages, omega: omega, ratio: ratio)
  }

  private static func quotient(_ time: Double, _ duration: Double, free: Double) -> Int {
    let quotient = duration > 0 ? Theory.floor(time / duration) : free.rounded(.up)
    return quotient >= 0 ? Int(min(quotient, 1e9)) : 0
  }

  /// 32 t* LΔ/ε, the seconds that Shadowheart SGD takes at most (constant not verified), for LΔ/ε =
  /// `progress`.
  public func bound(progress: Double) -> Double { 32 * seconds * progress }
}
