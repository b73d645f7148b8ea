// SPDX-License-Identifier: Apache-2.0

internal import CKernels

/// A network of any number of layers on images or sparse rows, with softmax cross-entropy as the loss:
/// a₀ the features, z = Wᵀa + b in each layer, a = activation(z), and z of the last layer the logits. Without
/// hidden layers it is softmax regression.
///
/// Parameters are one vector, layer by layer: W [inputs × outputs] with a row for each input, then b
/// [outputs]. Inputs of 0 cost nothing, whether they are features or units.
struct LayeredNetwork: BitwiseCopyable, Sendable {
  /// The most classes that the kernels take.
  static var classesLimit: Int { Int(sk_any_classes_limit) }

  /// The features of a sample, from 1 to 2²⁴ − 1.
  let inputs: Int
  let hidden: LayerSizes
  /// The classes, from 1 to `classesLimit`.
  let classes: Int
  let activation: Activation
  /// What a pixel's byte is multiplied by, and what is then added to it. Rows are taken as they are.
  let slope: Double
  let offset: Double

  /// At least one input (below 2²⁴), and from one class to `classesLimit`.
  init(
    inputs: Int, hidden: LayerSizes = LayerSizes(), classes: Int, activation: Activation = .relu,
    slope: Double = LabelledImages.pixelScale, offset: Double = 0
  ) {
    precondition(inputs >= 1 && inputs < 1 << 24, "too few or too many inputs")
    precondition(classes >= 1 && classes <= Self.classesLimit, "too few or too many classes")
    self.inputs = inputs
    self.hidden = hidden
    self.classes = classes
    self.activation = activation
    self.slope = slope
    self.offset = offset
  }

  /// The inputs of layer `index`, from 0; behind the last layer, the classes.
  func size(_ index: Int) -> Int {
    index == 0 ? inputs : index <= hidden.count ? hidden[index - 1] : classes
  }

  /// How many layers of weights there are.
  var layers: Int { hidden.count + 1 }

  /// d, the number of parameters.
  var dimension: Int {
    var sum = 0
    for index in 0..<layers { sum += (size(index) + 1) * size(index + 1) }
    return sum
  }

  /// The weights of layer `index`, from 0.
  func weights(_ index: Int) -> WeightMatrix {
    var first = 0
    for before in 0..<index { first += (size(before) + 1) * size(before + 1) }
    return WeightMatrix(first: first, inputs: size(index), outputs: size(index + 1))
  }

  /// How many scalars of scratch a pass needs.
  var scratchCount: Int {
    var layers = kernelsLayers
    return unsafe sk_layers_scratch(&layers)
  }

  /// The loss of the samples with the indices `list` and how many of them are told right; of all samples
  /// where `list` is nil. O(samples · weights), but for the inputs that are 0.
  ///
  /// A label that is not below `classes` counts as class 0. Traps unless everything is long enough.
  func score<S: Scalar>(
    _ samples: LabelledSamples, list: Table<UInt32>? = nil, at parameters: Span<S>, scratch: Table<S>
  ) -> NetworkScore {
    unsafe pass(samples, list, 0, at: parameters, into: nil, scratch: scratch)
  }

  /// Adds weight · Σ ∇loss to `gradient`, over the samples with the indices `list`, in that order.
  @discardableResult
  func accumulate<S: Scalar>(
    _ weight: Double, _ samples: LabelledSamples, list: Table<UInt32>, at parameters: Span<S>,
    into gradient: inout MutableSpan<S>, scratch: Table<S>
  ) -> NetworkScore {
    precondition(gradient.count >= dimension, "a gradient too short for the network")
    return unsafe gradient.withUnsafeMutableBufferPointer { gradient in
      unsafe pass(samples, list, weight, at: parameters, into: gradient.baseAddress, scratch: scratch)
    }
  }

  private var kernelsLayers: sk_layers {
    var layers = sk_layers()
    layers.count = self.layers
    layers.activation = Int32(activation.rawValue)
    unsafe withUnsafeMutableBytes(of: &layers.sizes) { bytes in
      let sizes = unsafe bytes.bindMemory(to: Int.self)
      for index in 0...self.layers { unsafe sizes[index] = size(index) }
    }
    return layers
  }

  /// Checks lengths and indices and hands everything to the kernel for `S`, which is `Float` or `Double`.
  private func pass<S: Scalar>(
    _ samples: LabelledSamples, _ list: Table<UInt32>?, _ weight: Double, at parameters: Span<S>,
    into gradient: UnsafeMutablePointer<S>?, scratch: Table<S>
  ) -> NetworkScore {
    let count = list?.count ?? samples.count
    guard count > 0 else { return NetworkScore(loss: 0, correct: 0) }
    precondition(parameters.count >= dimension, "parameters too short for the network")
    precondition(scratch.count >= scratchCount, "scratch too short for the network")
    precondition(samples.width == inputs, "samples of another size")
    precondition(
      samples.isSparse || samples.images.images.count / inputs >= samples.count, "images of another size")
    if let list {
      for index in list.indices { precondition(Int(list[index]) < samples.count, "no such sample") }
    }
    var layers = kernelsLayers
    var features = unsafe features(samples)
    let indices = unsafe UnsafePointer(list?.buffer.baseAddress)
    let score = unsafe parameters.withUnsafeBufferPointer { parameters in
      let x = unsafe UnsafeRawPointer(parameters.baseAddress)
      let g = UnsafeMutableRawPointer(gradient)
      let memory = unsafe UnsafeMutableRawPointer(scratch.buffer.baseAddress)
      return if S.self == Float.self {
        unsafe sk_layers_pass_f32(
          &layers, x?.assumingMemoryBound(to: Float.self), &features, indices, count, weight,
          g?.assumingMemoryBound(to: Float.self), memory?.assumingMemoryBound(to: Float.self))
      } else {
        unsafe sk_layers_pass_f64(
          &layers, x?.assumingMemoryBound(to: Double.self), &features, indices, count, weight,
          g?.assumingMemoryBound(to: Double.self), memory?.assumingMemoryBound(to: Double.self))
      }
    }
    return NetworkScore(loss: score.loss, correct: score.correct)
  }

  private func features(_ samples: LabelledSamples) -> sk_samples {
    let (images, rows) = (samples.images, samples.rows)
    return unsafe sk_samples(
      bytes: samples.isSparse ? nil : images.images.buffer.baseAddress, width: samples.width, slope: slope,
      offset: offset, starts: rows.starts.buffer.baseAddress, columns: rows.columns.buffer.baseAddress,
      values: rows.values.buffer.baseAddress,
      labels: samples.isSparse ? rows.labels.buffer.baseAddress : images.labels.buffer.baseAddress)
  }
}
