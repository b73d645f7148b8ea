// SPDX-License-Identifier: Apache-2.0

/// Every method of the library, one line each.
public enum Methods {
  /// Shows `visitor` the type of every method, in the order of `help`.
  @inlinable
  public static func visit<Visitor: MethodVisitor>(_ visitor: inout Visitor) {
    visitor.visit(Hero.self)
    visitor.visit(Minibatch.self)
    visitor.visit(MSynchronous.self)
    visitor.visit(Asynchronous.self)
    visitor.visit(DelayAdaptive.self)
    visitor.visit(NaiveOptimal.self)
    visitor.visit(Hogwild.self)
    visitor.visit(Rennala.self)
    visitor.visit(Ringmaster.self)
    visitor.visit(MindFlayer.self)
    visitor.visit(Malenia.self)
    visitor.visit(Ringleader.self)
    visitor.visit(AcceleratedRennala.self)
    visitor.visit(RennalaMVR.self)
    visitor.visit(ModMindFlayer.self)
    visitor.visit(Vecna.self)
    visitor.visit(AsGrad.self)
    visitor.visit(FedBuff.self)
    visitor.visit(LocalSGD.self)
    visitor.visit(AsyncLocal.self)
    visitor.visit(AsyncBatch.self)
    visitor.visit(Cycle.self)
    visitor.visit(FedAsync.self)
    visitor.visit(Rescaled.self)
    visitor.visit(PIAG.self)
    visitor.visit(ACED.self)
    visitor.visit(Scaffold.self)
    visitor.visit(ProxSkip.self)
    visitor.visit(ATA.self)
    visitor.visit(Shadowheart.self)
    visitor.visit(QSGD.self)
    visitor.visit(FreyaPage.self)
    visitor.visit(FreyaSGD.self)
    visitor.visit(HeroGD.self)
    visitor.visit(SovietGD.self)
    visitor.visit(HeroPage.self)
    visitor.visit(SovietPage.self)
    visitor.visit(Synthesis.self)
    visitor.visit(Fragile.self)
    visitor.visit(Amelie.self)
    visitor.visit(AcceleratedFragile.self)
    visitor.visit(AcceleratedAmelie.self)
    visitor.visit(DecentralizedMinibatch.self)
    visitor.visit(RelaySGD.self)
    visitor.visit(GradientTracking.self)
    visitor.visit(DPSGD.self)
    visitor.visit(Choco.self)
    visitor.visit(Extra.self)
    visitor.visit(DecentralizedAsynchronous.self)
  }
}

/// An operation on the type of every method: listing it, instantiating it, measuring it.
public protocol MethodVisitor {
  /// Called with the type of one method after another.
  mutating func visit<M: Method>(_ method: M.Type)
}
