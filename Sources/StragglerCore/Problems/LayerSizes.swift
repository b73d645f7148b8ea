// SPDX-License-Identifier: Apache-2.0

/// The sizes of the hidden layers of a network, from the first one on: none to eight of them.
public struct LayerSizes: BitwiseCopyable, Sendable {
  /// The most hidden layers.
  public static let limit = 8
  /// The most units in a layer.
  public static let unitsLimit = 1 << 20

  /// How many hidden layers there are.
  public private(set) var count = 0
  private var units = InlineArray<8, Int>(repeating: 0)

  /// No hidden layer.
  public init() {}

  /// One layer of `units`, from 1 to `unitsLimit`; numbers beyond the bounds are moved to them.
  public init(_ units: Int) { append(units) }

  /// Adds a layer of `units`, from 1 to `unitsLimit`, unless there are `limit` of them.
  public mutating func append(_ units: Int) {
    guard count < Self.limit else { return }
    self.units[count] = min(max(1, units), Self.unitsLimit)
    count += 1
  }

  /// The units of layer `index`, from 0.
  public subscript(index: Int) -> Int { units[index] }
}

/// What a hidden unit makes of its input z.
public enum Activation: Int, BitwiseCopyable, Sendable {
  /// max(z, 0).
  case relu
  /// tanh z.
  case tanh
  /// z (1 + tanh(√(2/π)(z + 0.044715 z³)))/2, which is z Φ(z) but for 5·10⁻⁴.
  ///
  /// Source: Hendrycks and Gimpel, "Gaussian error linear units" (arXiv 1606.08415).
  case gelu
}
