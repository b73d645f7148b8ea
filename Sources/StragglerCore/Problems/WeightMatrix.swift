// SPDX-License-Identifier: Apache-2.0

/// Where among the parameters of a problem a matrix of weights is, which takes `inputs` numbers to `outputs`.
public struct WeightMatrix: BitwiseCopyable, Equatable, Sendable {
  /// The index of its first element; the others follow without gaps.
  public var first: Int
  /// How many numbers it takes.
  public var inputs: Int
  /// How many numbers it gives.
  public var outputs: Int
  /// Whether its elements are in memory with a row for each output; otherwise with one for each input.
  public var hasRowsOfOutputs: Bool

  /// The matrix whose `inputs` · `outputs` elements begin at `first`.
  public init(first: Int, inputs: Int, outputs: Int, hasRowsOfOutputs: Bool = false) {
    (self.first, self.inputs, self.outputs) = (first, inputs, outputs)
    self.hasRowsOfOutputs = hasRowsOfOutputs
  }

  /// No matrix.
  public init() { self.init(first: 0, inputs: 0, outputs: 0) }

  /// How many elements it has.
  @inlinable public var count: Int { inputs * outputs }
  /// How many rows it has in memory.
  @inlinable public var rows: Int { hasRowsOfOutputs ? outputs : inputs }
  /// How many elements a row has.
  @inlinable public var columns: Int { hasRowsOfOutputs ? inputs : outputs }
}
