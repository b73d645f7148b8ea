// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// A network of two layers on images of bytes: logits = W₂ max(W₁ᵀ(slope · pixels + offset) + b₁, 0) + b₂,
/// with softmax cross-entropy as the loss.
///
/// Parameters are one vector of d = inputs·h + h + classes·h + classes elements, h being the hidden units:
/// W₁ [inputs × h] with a row for each pixel, b₁ [h], W₂ [classes × h] with a row for each class, b₂
/// [classes]. Pixels of 0 cost nothing: kernels work on the rows of the other ones.
public struct NetworkLayers: BitwiseCopyable, Sendable {
  /// The most classes that the kernels take.
  public static let classesLimit = Int(sk_classes_limit)

  /// The pixels of an image, from 1 to 2²⁴ − 1.
  public let inputs: Int
  /// h, the hidden units, from 1 to 2²⁴ − 1.
  public let hidden: Int
  /// The classes, from 1 to `classesLimit`.
  public let classes: Int
  /// What a pixel's byte is multiplied by.
  public let slope: Double
  /// What is then added to it.
  public let offset: Double

  /// A network of at least one input, hidden unit and class, and at most `classesLimit` classes. Inputs and
  /// hidden units are below 2²⁴, so that no size overflows.
  public init(inputs: Int, hidden: Int, classes: Int, slope: Double, offset: Double) {
    let sizes = 1..<(1 << 24)
    precondition(sizes.contains(inputs) && sizes.contains(hidden), "a network too small or too large")
    precondition(classes >= 1 && classes <= Self.classesLimit, "too few or too many classes")
    self.inputs = inputs
    self.hidden = hidden
    self.classes = classes
    self.slope = slope
    self.offset = offset
  }

  /// d = inputs·h + h + classes·h + classes, the number of parameters.
  public var dimension: Int { inputs * hidden + hidden + classes * hidden + classes }

  /// How many scalars of scratch a pass needs.
  public var scratchCount: Int {
    var network = kernelsNetwork
    return unsafe sk_network_scratch(&network)
  }

  /// The loss of the images with the indices `samples`, and how many of them the network gets right; of all
  /// images where `samples` is nil. O(images · (inputs + non-zero pixels · h)).
  ///
  /// A label that is not below `classes` counts as class 0. Traps unless `parameters` and `scratch` are long
  /// enough.
  public func score<S: Scalar>(
    _ images: LabelledImages, samples: Table<UInt32>? = nil, at parameters: Span<S>, scratch: Table<S>
  ) -> NetworkScore {
    for index in samples?.indices ?? 0..<0 {
      precondition(Int(samples?[index] ?? 0) < images.count, "no such image")
    }
    return unsafe pass(
      images, parameters: parameters, samples: samples?.buffer.baseAddress,
      count: samples?.count ?? images.count, 0, into: nil, scratch: scratch)
  }

  /// Adds weight · Σ ∇loss to `gradient`, over the images with the indices `samples`, in that order; an image
  /// may come more than once.
  @discardableResult
  public func accumulate<S: Scalar>(
    _ weight: Double, _ images: LabelledImages, samples: Table<UInt32>, at parameters: Span<S>,
    into gradient: inout MutableSpan<S>, scratch: Table<S>
  ) -> NetworkScore {
    precondition(gradient.count >= dimension, "a gradient too short for the network")
    for index in samples.indices { precondition(Int(samples[index]) < images.count, "no such image") }
    return unsafe gradient.withUnsafeMutableBufferPointer { gradient in
      unsafe pass(
        images, parameters: parameters, samples: samples.buffer.baseAddress, count: samples.count, weight,
        into: gradient.baseAddress, scratch: scratch)
    }
  }

  private var kernelsNetwork: sk_network {
    sk_network(inputs: inputs, hidden: hidden, classes: classes, slope: slope, offset: offset)
  }

  /// Checks the lengths and hands everything to the kernel for `S`, which is `Float` or `Double`.
  private func pass<S: Scalar>(
    _ images: LabelledImages, parameters: Span<S>, samples: UnsafeMutablePointer<UInt32>?, count: Int,
    _ weight: Double, into gradient: UnsafeMutablePointer<S>?, scratch: Table<S>
  ) -> NetworkScore {
    guard count > 0 else { return NetworkScore(loss: 0, correct: 0) }
    precondition(parameters.count >= dimension, "parameters too short for the network")
    precondition(scratch.count >= scratchCount, "scratch too short for the network")
    precondition(
      images.width == inputs && images.images.count / inputs >= images.count, "images of another size")
    var network = kernelsNetwork
    let pixels = unsafe images.images.buffer.baseAddress, labels = unsafe images.labels.buffer.baseAddress
    let score = unsafe parameters.withUnsafeBufferPointer { parameters in
      let x = unsafe UnsafeRawPointer(parameters.baseAddress)
      let g = UnsafeMutableRawPointer(gradient)
      let memory = unsafe UnsafeMutableRawPointer(scratch.buffer.baseAddress)
      return if S.self == Float.self {
        unsafe sk_network_pass_f32(
          &network, x?.assumingMemoryBound(to: Float.self), pixels, labels, samples, count, weight,
          g?.assumingMemoryBound(to: Float.self), memory?.assumingMemoryBound(to: Float.self))
      } else {
        unsafe sk_network_pass_f64(
          &network, x?.assumingMemoryBound(to: Double.self), pixels, labels, samples, count, weight,
          g?.assumingMemoryBound(to: Double.self), memory?.assumingMemoryBound(to: Double.self))
      }
    }
    return NetworkScore(loss: score.loss, correct: score.correct)
  }
}

/// Sums over images.
public struct NetworkScore: BitwiseCopyable, Equatable, Sendable {
  /// Σ −ln softmax(logits)[label].
  public let loss: Double
  /// How many labels have the largest logit (the first of the largest, where there are several).
  public let correct: Int
}
