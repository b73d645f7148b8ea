/// The state of a model, except for the contents of its arena.
public struct ModelMark: BitwiseCopyable, Sendable {
  let newest: Int
  let reported: Int32
  let averaged: Slots
  let finite: Bool
}

extension Model {
  /// Where the model is.
  public var mark: ModelMark {
    ModelMark(newest: newest, reported: reported, averaged: averaged, finite: finite)
  }

  /// Goes back to `mark`, of the same model; the arena's bytes are the caller's to put back.
  public mutating func goBack(to mark: ModelMark) {
    (newest, reported) = (mark.newest, mark.reported)
    (averaged, finite) = (mark.averaged, mark.finite)
  }
}
