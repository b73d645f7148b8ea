import CKernels

/// Elementary functions.
public enum Elementary {
  public static func cos(_ x: Double) -> Double { CKernels.cos(x) }
}
extension Stream {
  mutating func normal() -> Double { 0 }
}
