// SPDX-License-Identifier: Apache-2.0

/// The mean of ln(1 + exp(−y·aᵀx)) over some samples.
struct MeanBinaryLoss: LinearLosses {
  let losses: BinaryLosses
  let samples: Table<UInt32>
  let longest: Double

  var features: Int { losses.rows.width }
  var outputs: Int { 1 }
  var isCurvatureExact: Bool { true }

  func evaluate(at x: Table<Double>, gradient: Table<Double>) -> Double {
    let weight = 1 / Double(samples.count)
    gradient.fill(0)
    var g = unsafe gradient.buffer.mutableSpan
    unsafe losses.accumulate(weight, samples, at: x.buffer.span, into: &g)
    return unsafe losses.loss(of: samples, at: x.buffer.span) * weight
  }

  func addCurvature(at x: Table<Double>, to matrix: Table<Double>) {
    let rows = losses.rows
    let n = features
    for position in samples.indices {
      let row = Int(samples[position])
      let (start, end) = (rows.starts[row], rows.starts[row + 1])
      var margin = 0.0
      for index in start..<end { margin += rows.values[index] * x[Int(rows.columns[index])] }
      // σ(z)σ(−z), which is even in z.
      let small = Elementary.exp(-margin.magnitude)
      let curvature = small / ((1 + small) * (1 + small)) / Double(samples.count)
      for index in start..<end {
        let (column, value) = (Int(rows.columns[index]), rows.values[index] * curvature)
        guard matrix.count > n || n == 1 else {
          matrix[column] += value * rows.values[index]
          continue
        }
        for other in start..<end where rows.columns[other] <= rows.columns[index] {
          matrix[column * n + Int(rows.columns[other])] += value * rows.values[other]
        }
      }
    }
  }
}

/// The mean cross-entropy of a softmax over some samples, with a constant feature.
struct MeanSoftmaxLoss: LinearLosses {
  let regression: LayeredNetwork
  let all: LabelledSamples
  let samples: Table<UInt32>
  let scratch: Table<Double>
  /// The features of a sample that are not 0, and which these are: as many as there are features each.
  let values: Table<Double>
  let places: Table<Int>
  let longest: Double

  var features: Int { regression.inputs + 1 }
  var outputs: Int { regression.classes }
  var isCurvatureExact: Bool { false }

  func evaluate(at x: Table<Double>, gradient: Table<Double>) -> Double {
    let weight = 1 / Double(samples.count)
    gradient.fill(0)
    var g = unsafe gradient.buffer.mutableSpan
    let score = unsafe regression.accumulate(
      weight, all, list: samples, at: x.buffer.span, into: &g, scratch: scratch)
    return score.loss * weight
  }

  /// Of some of the samples alone: a preconditioner may be approximate.
  func addCurvature(at x: Table<Double>, to matrix: Table<Double>) {
    let n = features
    let stride = max(1, samples.count / (8 * n))
    var position = 0
    while position < samples.count {
      let count = load(Int(samples[position]))
      let curvature = curvature(at: x, count) * Double(stride) / Double(samples.count)
      for index in 0..<count {
        let (row, value) = (places[index], values[index] * curvature)
        guard matrix.count > n || n == 1 else {
          matrix[row] += value * values[index]
          continue
        }
        let own = matrix[row * n..<(row + 1) * n]
        for other in 0...index { own[places[other]] += value * values[other] }
      }
      position += stride
    }
  }

  /// Puts the features of a sample that are not 0 into `values`, and says how many there are.
  private func load(_ sample: Int) -> Int {
    let count = all.list(sample, slope: regression.slope, values: values, places: places)
    (values[count], places[count]) = (1, regression.inputs)
    return count + 1
  }

  /// The mean of p(1 − p) over the classes, for the sample that was loaded.
  private func curvature(at x: Table<Double>, _ count: Int) -> Double {
    let classes = outputs
    var logits = InlineArray<256, Double>(repeating: 0)
    for index in 0..<count {
      let row = x[places[index] * classes..<(places[index] + 1) * classes]
      for output in 0..<classes { logits[output] += values[index] * row[output] }
    }
    var largest = -Double.infinity
    for output in 0..<classes where logits[output] > largest { largest = logits[output] }
    var sum = 0.0
    for output in 0..<classes {
      logits[output] = Elementary.exp(logits[output] - largest)
      sum += logits[output]
    }
    var mean = 0.0
    for output in 0..<classes { mean += logits[output] / sum * (1 - logits[output] / sum) }
    return mean / Double(classes)
  }
}
