internal import CKernels

/// Softmax regression on images of bytes: logits = Wᵀ(slope · pixels) + b, with cross-entropy as the loss.
///
/// Parameters are one vector of d = (inputs + 1)·classes elements: W [inputs × classes] with a row for each
/// pixel, then b [classes], the row of a pixel that is always 1. Pixels of 0 cost nothing.
public struct SoftmaxRegression: BitwiseCopyable, Sendable {
  /// The slope that brings pixels to 0 … 1.
  public static var pixelScale: Double { 1 / 255 }

  /// The pixels of an image, from 1 to 2²⁴ − 1.
  public let inputs: Int
  /// The classes, from 1 to `NetworkLayers.classesLimit`.
  public let classes: Int
  /// What a pixel's byte is multiplied by.
  public let slope: Double

  /// At least one input (below 2²⁴) and from one class to `NetworkLayers.classesLimit`.
  public init(inputs: Int, classes: Int, slope: Double) {
    precondition(inputs >= 1 && inputs < 1 << 24, "too few or too many inputs")
    precondition(classes >= 1 && classes <= NetworkLayers.classesLimit, "too few or too many classes")
    self.inputs = inputs
    self.classes = classes
    self.slope = slope
  }

  /// d = (inputs + 1)·classes, the number of parameters.
  public var dimension: Int { (inputs + 1) * classes }

  /// How many scalars of scratch a pass needs.
  public var scratchCount: Int { sk_softmax_scratch(inputs) }

  /// The loss of the images with the indices `samples` and how many of them are classified correctly; of all images
  /// where `samples` is nil. O(images · (inputs + non-zero pixels · classes)).
  ///
  /// A label that is not below `classes` counts as class 0. Traps unless everything is long enough.
  public func score<S: Scalar>(
    _ images: LabelledImages, samples: Table<UInt32>? = nil, at parameters: Span<S>, scratch: Table<S>
  ) -> NetworkScore {
    unsafe pass(images, samples, 0, at: parameters, into: nil, scratch: scratch)
  }

  /// Adds weight · Σ ∇loss to `gradient`, over the images with the indices `samples`, in that order.
  @discardableResult
  public func accumulate<S: Scalar>(
    _ weight: Double, _ images: LabelledImages, samples: Table<UInt32>, at parameters: Span<S>,
    into gradient: inout MutableSpan<S>, scratch: Table<S>
  ) -> NetworkScore {
    precondition(gradient.count >= dimension, "a gradient too short for the regression")
    return unsafe gradient.withUnsafeMutableBufferPointer { gradient in
      unsafe pass(images, samples, weight, at: parameters, into: gradient.baseAddress, scratch: scratch)
    }
  }

  /// Checks lengths and indices and hands everything to the kernel for `S`, which is `Float` or `Double`.
  private func pass<S: Scalar>(
    _ images: LabelledImages, _ samples: Table<UInt32>?, _ weight: Double, at parameters: Span<S>,
    into gradient: UnsafeMutablePointer<S>?, scratch: Table<S>
  ) -> NetworkScore {
    let count = samples?.count ?? images.count
    guard count > 0 else { return NetworkScore(loss: 0, correct: 0) }
    precondition(parameters.count >= dimension, "parameters too short for the regression")
    precondition(scratch.count >= scratchCount, "scratch too short for the regression")
    precondition(
      images.width == inputs && images.images.count / inputs >= images.count, "images of another size")
    if let samples {
      for index in samples.indices { precondition(Int(samples[index]) < images.count, "no such image") }
    }
    let pixels = unsafe images.images.buffer.baseAddress, labels = unsafe images.labels.buffer.baseAddress
    let list = unsafe UnsafePointer(samples?.buffer.baseAddress)
    let score = unsafe parameters.withUnsafeBufferPointer { parameters in
      let x = unsafe UnsafeRawPointer(parameters.baseAddress)
      let g = UnsafeMutableRawPointer(gradient)
      let memory = unsafe UnsafeMutableRawPointer(scratch.buffer.baseAddress)
      return if S.self == Float.self {
        unsafe sk_softmax_pass_f32(
          inputs, classes, slope, x?.assumingMemoryBound(to: Float.self), pixels, labels, list, count, weight,
          g?.assumingMemoryBound(to: Float.self), memory?.assumingMemoryBound(to: Float.self))
      } else {
        unsafe sk_softmax_pass_f64(
          inputs, classes, slope, x?.assumingMemoryBound(to: Double.self), pixels, labels, list, count,
          weight,
          g?.assumingMemoryBound(to: Double.self), memory?.assumingMemoryBound(to: Double.self))
      }
    }
    return NetworkScore(loss: score.loss, correct: score.correct)
  }
}
