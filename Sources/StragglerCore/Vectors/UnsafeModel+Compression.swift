// SPDX-License-Identifier: Apache-2.0

// Gradients as the server has them after compression. A draw depends on (seed, worker, job) alone.

extension Model {
  /// slot += weight · C(∇f(x; ξ)), ξ being the sample of the gradient `job` of `worker`; with error feedback,
  /// the worker's vector h += C(∇f(x; ξ) − h), and slot += weight · h. O(d), TopK in up to eight passes.
  @inlinable @inline(never)
  mutating func accumulateCompressed(
    _ weight: Double, _ worker: Int32, _ job: Int, at x: Table<P.Scalar>, into slot: Slot
  ) {
    var g = unsafe scratch.buffer.mutableSpan
    P.Scalar.fill(&g, with: 0)
    unsafe problem.accumulate(
      1, Sample(seed: seed, worker: Int(worker), job: job), at: x.buffer.span, into: &g)
    accumulateCompressedScratch(weight, worker, job, into: slot)
  }

  /// As `accumulateCompressed`, with what is in `scratch` for the gradient; the draw is that of the gradient
  /// `job` of `worker`.
  @inlinable
  mutating func accumulateCompressedScratch(_ weight: Double, _ worker: Int32, _ job: Int, into slot: Slot) {
    guard let compression else { return }
    var g = unsafe scratch.buffer.mutableSpan
    let stream = RandomStream(seed: seed, purpose: .message, worker: Int(worker), job: job)
    guard !feedback.isEmpty else {
      let (into, factor) = (self.slot(slot), P.Scalar(weight))
      return compress(scratch, compression, stream) { index, value in into[index] += factor * value }
    }
    let start = Int(worker) * stride
    let known = feedback[start..<start + dimension]
    P.Scalar.add(-1, unsafe known.buffer.span, to: &g)
    let shrink = P.Scalar(1 / (1 + (compression.variance(dimension: dimension) ?? 0)))
    compress(scratch, compression, stream) { index, value in known[index] += shrink * value }
    var sum = unsafe self.slot(slot).buffer.mutableSpan
    P.Scalar.add(P.Scalar(weight), unsafe known.buffer.span, to: &sum)
  }

  /// copy += Q(source − copy).
  @inlinable @inline(never)
  mutating func follow(_ source: Slot, _ copy: Slot, _ compression: Compression, _ worker: Int32, _ job: Int)
  {
    var difference = unsafe scratch.buffer.mutableSpan
    unsafe P.Scalar.copy(slot(source).buffer.span, to: &difference)
    P.Scalar.add(-1, unsafe slot(copy).buffer.span, to: &difference)
    let shrink = P.Scalar(1 / (1 + (compression.variance(dimension: dimension) ?? 0)))
    let known = slot(copy)
    let stream = RandomStream(seed: seed, purpose: .message, worker: Int(worker), job: job)
    compress(scratch, compression, stream) { index, value in known[index] += shrink * value }
  }

  /// Shows `body` the coordinates of C(v) that are not 0, each once.
  @inlinable
  func compress(
    _ v: Table<P.Scalar>, _ compression: Compression, _ stream: RandomStream,
    _ body: (_ index: Int, _ value: P.Scalar) -> Void
  ) {
    var stream = stream
    switch compression {
    case .randK(let count):
      guard count < dimension else {
        for index in v.indices { body(index, v[index]) }
        return
      }
      let factor = P.Scalar(Double(dimension) / Double(count))
      choice.draw(count, from: &stream) { body($0, factor * v[$0]) }
    case .topK(let count):
      var (least, equal) = magnitude(ofRank: count, in: v)
      for index in v.indices {
        let magnitude = Self.magnitude(v[index])
        if magnitude > least {
          body(index, v[index])
        } else if magnitude == least, equal > 0 {
          equal -= 1
          body(index, v[index])
        }
      }
    case .natural:
      for index in v.indices { body(index, Self.roundedToPowerOfTwo(v[index], stream.uniform())) }
    case .qsgd(let levels):
      let norm = unsafe P.Scalar.squaredNorm(v.buffer.span).squareRoot()
      guard norm > 0 else { return }
      let unit = norm / Double(levels)
      for index in v.indices {
        let level = Double(v[index]).magnitude / unit
        let below = level.rounded(.down)
        let rounded = stream.uniform() < level - below ? below + 1 : below
        let value = P.Scalar(rounded * unit)
        body(index, v[index] < 0 ? -value : value)
      }
    case .sign:
      var total = 0.0
      for index in v.indices { total += Double(v[index]).magnitude }
      let mean = P.Scalar(total / Double(dimension))
      for index in v.indices where v[index] != 0 { body(index, v[index] < 0 ? -mean : mean) }
    }
  }

  /// The bits of |a|, which are in the order of the magnitudes.
  @inlinable
  static func magnitude(_ a: P.Scalar) -> UInt64 { Double(a).magnitude.bitPattern }

  /// The magnitude of rank `count`, from 1 for the largest, and how many that are equal to it have a rank of
  /// at most `count`. By digits of the bits from the highest on, in O(d) for each of the eight.
  @inlinable
  func magnitude(ofRank count: Int, in v: Table<P.Scalar>) -> (magnitude: UInt64, equal: Int) {
    var (prefix, mask, rank): (UInt64, UInt64, Int) = (0, 0, count)
    var shift: UInt64 = 56
    while true {
      var bins: InlineArray<256, Int> = InlineArray(repeating: 0)
      for index in v.indices {
        let bits = Self.magnitude(v[index])
        if bits & mask == prefix { bins[Int(bits &>> shift & 255)] += 1 }
      }
      var digit = 255
      while digit > 0, bins[digit] < rank {
        rank -= bins[digit]
        digit -= 1
      }
      prefix |= UInt64(digit) &<< shift
      mask |= 255 &<< shift
      if shift == 0 { return (prefix, rank) }
      shift -= 8
    }
  }

  /// a between two powers of two, rounded to the upper one if `uniform` is below where it is between them:
  /// its mean is a. What has no such powers stays as it is.
  @inlinable
  static func roundedToPowerOfTwo(_ a: P.Scalar, _ uniform: Double) -> P.Scalar {
    let number = Double(a)
    let lower = Double(bitPattern: number.bitPattern & 0xFFF0_0000_0000_0000)
    guard number.isFinite, lower != 0 else { return a }
    return P.Scalar(uniform < number / lower - 1 ? 2 * lower : lower)
  }
}
