/// The precision of vectors, and what can be done with them.
public protocol Scalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {}
extension Double: Scalar {}
extension Float: Scalar {}

extension Scalar {
  static func add(_ a: Self, _ x: Span<Self>, to y: inout MutableSpan<Self>) { for i in x.indices { y[i] += a * x[i] } }
  static func step(from x: Span<Self>, along g: Span<Self>, by a: Self, into z: inout MutableSpan<Self>) { for i in x.indices { z[i] = x[i] - a * g[i] } }
  static func fill(_ a: Self, _ z: inout MutableSpan<Self>) { for i in z.indices { z[i] = a } }
  static func shift(_ a: Self, _ z: inout MutableSpan<Self>) { for i in z.indices { z[i] += a } }
  static func squaredNorm(_ x: Span<Self>) -> Double { var s = 0.0; for i in x.indices { s += Double(x[i]) * Double(x[i]) }; return s }
  static func addNormals(scale: Double, stream: Stream, to z: inout MutableSpan<Self>) { }
  static func addTridiagonal(_ a: Self, _ x: Span<Self>, to g: inout MutableSpan<Self>) {
    for index in x.indices {
      let left = index > 0 ? x[index - 1] : -1
      let right = index + 1 < x.count ? x[index + 1] : 0
      g[index] += a * ((x[index] + x[index] - left - right) / 4)
    }
  }
}
