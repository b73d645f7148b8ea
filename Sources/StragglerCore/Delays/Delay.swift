public enum Delay: BitwiseCopyable, Sendable {
  case constant(Double)
  @inlinable public func sample(_ s: inout Stream, job: Int) -> Double { switch self { case .constant(let c): c } }
  public static var none: Delay { .constant(0) }
  public var mean: Double { 0 }
  public func quantile(_ p: Double) -> Double { 0 }
  public func cdf(_ t: Double) -> Double { t >= 0 ? 1 : 0 }
}
