// SPDX-License-Identifier: Apache-2.0

/// Samples with a class each, in either form in which they come: images of bytes, or sparse rows.
struct LabelledSamples: BitwiseCopyable, Sendable {
  /// The images; none where there are rows.
  let images: LabelledImages
  /// The rows; none where there are images.
  let rows: LabelledRows
  /// How many classes there are; of rows, one more than the largest label.
  let classes: Int

  /// No samples.
  init() { (images, rows, classes) = (LabelledImages(), LabelledRows(), 0) }

  /// The rows, or the images where there are none. O(count).
  init(_ rows: LabelledRows, or images: LabelledImages) {
    self.rows = rows
    self.images = rows.count > 0 ? LabelledImages() : images
    classes = rows.count > 0 ? Self.largest(rows.labels) + 1 : images.classes
  }

  private static func largest(_ labels: Table<UInt8>) -> Int {
    var largest = -1
    for index in labels.indices where Int(labels[index]) > largest { largest = Int(labels[index]) }
    return largest
  }

  var isSparse: Bool { rows.count > 0 }
  /// m, the number of samples.
  var count: Int { isSparse ? rows.count : images.count }
  /// How many features a sample has.
  var width: Int { isSparse ? rows.width : images.width }
  /// How many features of all samples are stored.
  var storedFeatures: Int { isSparse ? rows.values.count : images.images.count }

  /// The class of sample `index`, from 0.
  func label(_ index: Int) -> Int { Int(isSparse ? rows.labels[index] : images.labels[index]) }

  /// Puts the features of `sample` that are not 0 into `values`, and which these are into `places`; bytes
  /// count `slope`. Returns how many there are.
  func list(_ sample: Int, slope: Double, values: Table<Double>, places: Table<Int>) -> Int {
    var count = 0
    if isSparse {
      for index in rows.starts[sample]..<rows.starts[sample + 1] {
        (values[count], places[count]) = (rows.values[index], Int(rows.columns[index]))
        count += 1
      }
      return count
    }
    let first = sample * images.width
    for pixel in 0..<images.width where images.images[first + pixel] > 0 {
      (values[count], places[count]) = (slope * Double(images.images[first + pixel]), pixel)
      count += 1
    }
    return count
  }

  /// Throws unless images have as many bytes as they should, their indices fit, and labels are classes.
  func check() throws(SetupError) {
    guard !isSparse, images.count > 0 else { return }
    guard images.width > 0, images.images.count / images.width >= images.count, images.count < Int(UInt32.max)
    else {
      throw .impossible(
        "images with fewer bytes than their size says", remedy: "give width bytes for every label")
    }
    guard classes >= 1, classes <= LayeredNetwork.classesLimit, Self.largest(images.labels) < classes else {
      throw .impossible(
        "a label that is no class", remedy: "give labels from 0 to the number of classes minus 1, at most 255"
      )
    }
  }
}
