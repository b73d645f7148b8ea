// SPDX-License-Identifier: Apache-2.0

/// Every problem of the library, one line each.
public enum Problems {
  /// Shows `visitor` the type of every problem in both precisions, in the order of `help`. The first is the
  /// standard one.
  @inlinable
  public static func visit<Visitor: ProblemVisitor>(_ visitor: inout Visitor) {
    visitor.visit(Quadratic<Double>.self, Quadratic<Float>.self)
    visitor.visit(Landscape<Double>.self, Landscape<Float>.self)
    visitor.visit(Logistic<Double>.self, Logistic<Float>.self)
    visitor.visit(LeastSquares<Double>.self, LeastSquares<Float>.self)
    visitor.visit(NeuralNetwork<Float>.self, NeuralNetwork<Double>.self)
  }
}

/// An operation on the type of every problem.
public protocol ProblemVisitor {
  /// `standard` in its standard precision, `other` in the other one.
  mutating func visit<P: Problem, Q: Problem>(_ standard: P.Type, _ other: Q.Type)
}
