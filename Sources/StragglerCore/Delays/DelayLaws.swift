// SPDX-License-Identifier: Apache-2.0

/// Every law that is made from numbers, in the order of `help`. (`trace` and `mixture` are made from more.)
public enum DelayLaws {
  /// Shows `visitor` every law.
  public static func visit<Visitor: DelayLawVisitor>(_ visitor: inout Visitor) {
    visitor.visit(ConstantLaw.self)
    visitor.visit(UniformLaw.self)
    visitor.visit(ExponentialLaw.self)
    visitor.visit(GammaLaw.self)
    visitor.visit(WeibullLaw.self)
    visitor.visit(ParetoLaw.self)
    visitor.visit(LognormalLaw.self)
    visitor.visit(LogCauchyLaw.self)
    visitor.visit(LogTLaw.self)
    visitor.visit(LevyLaw.self)
    visitor.visit(PoissonLaw.self)
    visitor.visit(FoldedNormalLaw.self)
    visitor.visit(InfBernoulliLaw.self)
    visitor.visit(MarkovLaw.self)
  }
}

/// What is done with every law.
public protocol DelayLawVisitor {
  /// Is called for each law in turn.
  mutating func visit<Law: DelayLaw>(_ law: Law.Type)
}
