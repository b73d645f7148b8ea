// SPDX-License-Identifier: Apache-2.0

/// Where x^k is.
@usableFromInline
enum ModelPlace: BitwiseCopyable, Sendable {
  /// It is the newest point.
  case newestPoint
  /// A slot holds it: gradients are computed at another point.
  case slot(Slot)
  /// It is the mean of the nodes' models.
  case mean(Slots)
}

/// The state of a model, except for the contents of its arena.
public struct ModelMark: BitwiseCopyable, Sendable {
  let newest: Int
  let place: ModelPlace
  let finite: Bool
}

extension Model {
  /// Where the model is.
  public var mark: ModelMark {
    ModelMark(newest: newest, place: place, finite: finite)
  }

  /// Goes back to `mark`, of the same model; the arena's bytes are the caller's to put back.
  public mutating func goBack(to mark: ModelMark) {
    (newest, place, finite) = (mark.newest, mark.place, mark.finite)
  }
}
