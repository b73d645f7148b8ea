// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

extension Run {
  /// Throws where one of `conditions` is about a quantity that is not known here, and says how it can be.
  public func check(_ conditions: [Stop.Condition]) throws(LabError) {
    for condition in conditions where !knows(condition.quantity) {
      throw .unknown(condition.quantity, on: evaluated)
    }
  }

  /// Whether `quantity` has a value along the run. Evaluates the accuracy where that is asked for.
  public func knows(_ quantity: Quantity) -> Bool {
    switch quantity {
    case .gap: !vectors.measured.optimum.isNaN
    case .accuracy: !point(of: [.accuracy]).accuracy.isNaN
    case .consensus: averages
    default: true
    }
  }
}

extension LabError {
  /// `quantity` was asked for, and is not known, of a run that is measured on `sample`, or on all data.
  public static func unknown(_ quantity: Quantity, on sample: EvaluatedSample? = nil) -> LabError {
    switch quantity {
    case .gap where sample.map { $0.rows < $0.allRows } ?? false:
      LabError(
        "the gap on the rows that evaluate= chooses is not known, since the infimum of the loss on these is "
          + "not: target fstar= is that of all rows",
        remedy: "take regularizer=l2 with lambda= above 0, loss or gradnorm2 instead, or all rows")
    case .gap:
      LabError(
        "the gap f(x) − f* is not known, since f* is not",
        remedy: "give it: target fstar=VALUE; or take a problem whose f* is known, such as logistic with "
          + "regularizer=l2, or loss or gradnorm2 instead")
    case .accuracy:
      LabError(
        "the accuracy is not known, since there is no test set",
        remedy: "take a problem with one, such as network, or logistic with data=mnist")
    case .consensus:
      LabError(
        "the consensus is not known, since there is but one model",
        remedy:
          "take a method whose nodes have models of their own, such as gradient-tracking, with a topology")
    default: LabError("\(quantity.rawValue) is not known")
    }
  }
}
