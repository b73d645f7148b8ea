// SPDX-License-Identifier: Apache-2.0

extension Setup {
  /// Whether an update makes something else of the vector that it steps along than SGD does.
  var hasStepRule: Bool { modifiers.step != nil || modifiers.maxNorm != nil }

  /// Throws where the rule of the step does not go with the method or is out of range, or γ is missing, since
  /// theorems are about SGD.
  mutating func checkStepRule(
    _ kinds: Modifiers.Kinds, hasTheorysStepsize: Bool
  ) throws(SetupError) {
    guard hasStepRule else { return }
    guard kinds.step else {
      throw .impossible(
        "a rule of the step in a method that does not step along a vector",
        remedy: "take one that does, such as rennala or ringmaster")
    }
    guard modifiers.step?.isInRange ?? true, modifiers.maxNorm.map({ $0 > 0 && $0 < .infinity }) ?? true
    else {
      throw .impossible(
        "a rule of the step with a number out of range",
        remedy: "beta is from 0 to below 1, a above 0 and at most 1, eps and max_norm above 0")
    }
    if hasTheorysStepsize, modifiers.stepsize == nil {
      guard modifiers.step == nil else {
        throw .impossible(
          "a rule of the step without gamma=: theorems are about sgd and have none for it",
          remedy: "give gamma=, or have compare tune it")
      }
      try remark("gamma is the theorem's for uncut steps, and max_norm= cuts them: it promises nothing")
    }
  }
}
