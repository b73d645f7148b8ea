// SPDX-License-Identifier: Apache-2.0

import StragglerData
import Testing

/// Samples from tables, NumPy arrays and LIBSVM text.
@Suite struct SampleFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func read(
    _ text: String, _ name: String = "data.csv", _ kind: SampleFile.Target = .numbers, target: String? = nil
  ) throws -> SparseSamples {
    let path = try folder.write(Array(text.utf8), to: name)
    return try SampleFile.read(path, kind, target: target)
  }

  private func refusal(
    _ text: String, _ name: String = "data.csv", _ kind: SampleFile.Target = .numbers, target: String? = nil
  ) -> String {
    do {
      let samples = try read(text, name, kind, target: target)
      return "read: \(samples)"
    } catch { return "\(error)" }
  }

  @Test(arguments: [",", ";", "\t", "|", " "]) func tables(_ mark: String) throws {
    let rows = [["a", "y", "b"], ["1", "-2.5", "0"], ["0", "3e2", "7"]]
    let text = rows.map { $0.joined(separator: mark) }.joined(separator: "\r\n")
    let samples = try read(text)
    #expect(samples.targets == [-2.5, 300] && samples.width == 2 && samples.starts == [0, 1, 2])
    #expect(samples.columns == [0, 1] && samples.values == [1, 7])
    #expect(samples.reading == "2 rows of 2 features, targets from -2.5 to 300, targets of \"y\"")
    // Without titles the target is the last.
    let plain = try read(rows.dropFirst().map { $0.joined(separator: mark) }.joined(separator: "\n"))
    #expect(plain.targets == [0, 7] && plain.reading.hasSuffix("targets of column 3, the last"))
    let other = try read(text, target: "a")
    #expect(other.targets == [1, 0] && other.values == [-2.5, 300, 7])
    #expect(try read(text, target: "3").targets == [0, 7])
  }

  @Test func classesOfTables() throws {
    let samples = try read("x1,x2,y\n1,2,5\n3,0,2\n0,1,5\n", "data.csv", .classes)
    #expect(samples.classes == [1, 0, 1] && samples.labels == [2, 5] && samples.targets.isEmpty)
    #expect(samples.reading.contains("labels 2 and 5 taken as -1 and +1"))
    #expect(refusal("x,y\n1,2\n3,2\n", "a.csv", .classes).contains("one label only, 2"))
    let many = "x,y\n" + (0..<300).map { "1,\($0)\n" }.joined()
    #expect(refusal(many, "a.csv", .classes).contains("more than 256 different targets"))
  }

  @Test func whatIsNotClearIsRefused() {
    for (text, words) in [
      ("label,x\n1,2\n3,4\n", "either may be the target"), (",x,y\n0,1,2\n", "a column has no title"),
      ("0,1,2\n5,6,7\n8,9,1\n", "counts 0, 1, 2"), ("x,x,y\n1,2,3\n", "two columns have the title"),
      ("x,y\n1,2\n1\n", "this row has 1 cells, and the first has 2"), ("x,y\n1,\n", "a number is missing"),
      ("x,y\n1,abc\n", "\"abc\" is no finite number"), ("x,y\n1,nan\n", "is no finite number"),
      ("x,y\n1,1e999\n", "is no finite number"), ("x,y\n", "titles and no rows"), ("", "holds no rows"),
      ("1\n2\n", "has one column"), ("<html>", "a web page"),
    ] { #expect(refusal(text).contains(words), "\(text): \(refusal(text))") }
    #expect(refusal("x,y\n1,2\n", target: "z").contains("has no column \"z\""))
    #expect(refusal("1 1:2\n2 1:3\n", "a.svm", target: "z").contains("leave y= out"))
  }

  @Test func targetsOfLIBSVM() throws {
    let samples = try read("-1.5 1:2 3:4\n0.25 2:1\n", "data.svm")
    #expect(samples.targets == [-1.5, 0.25] && samples.width == 3 && samples.classes == [0, 0])
    #expect(try read("7 1:2\n7 1:3\n", "data.svm").targets == [7, 7])
    #expect(refusal("x 1:2\n", "data.svm").contains("\"x\" is not a number"))
    // More different ones than classes can be.
    let many = (0..<1_000).map { "\(Double($0) / 8) 1:1\n" }.joined()
    #expect(try read(many, "data.svm").targets.count == 1_000)
  }

  @Test func arraysWithTargetsBesideThem() throws {
    let matrix = NPYWriter.doubles([3, 2], [1, 0, 0, 2, 3, 4])
    for (x, y) in [("X.npy", "y.npy"), ("X_train.npy", "y_train.npy"), ("a_X.npy", "a_y.npy")] {
      let path = try folder.write(matrix, to: x)
      try folder.write(NPYWriter.doubles([3], [5, 6, 7]), to: y)
      let samples = try SampleFile.read(path, .numbers)
      #expect(samples.targets == [5, 6, 7] && samples.values == [1, 2, 3, 4] && samples.width == 2)
      #expect(samples.reading.hasSuffix(y))
    }
    let path = try folder.write(matrix, to: "features.npy")
    let none = #expect(throws: DataError.self) { try SampleFile.read(path, .numbers) }
    #expect(none?.remedy == "name their file: y=\"y.npy\"")
    let short = try folder.write(NPYWriter.doubles([2], [5, 6]), to: "short.npy")
    let error = #expect(throws: DataError.self) { try SampleFile.read(path, .numbers, targetPath: short) }
    #expect(error?.problem.hasPrefix("has 2 numbers, and there are 3 rows in") == true)
    let text = try folder.write(Array("1\n0\n1\n".utf8), to: "y.csv")
    #expect(try SampleFile.read(path, .classes, targetPath: text).classes == [1, 0, 1])
  }

  @Test func matrices() throws {
    let path = try folder.write(Array("2,1\n1.0000000000000002,3\n".utf8), to: "A.csv")
    let (matrix, difference) = try NumberArray.read(path).symmetric("A.csv")
    #expect(matrix[1] == matrix[2] && difference > 0 && difference < 1e-15)
    let other = try folder.write(Array("2,1\n0,3\n".utf8), to: "B.csv")
    let error = #expect(throws: DataError.self) { try NumberArray.read(other).symmetric("B.csv") }
    #expect(
      error?.problem == "is not symmetric: row 2, column 1 is 0.0, and row 1, column 2 is 1.0")
    let wide = try folder.write(Array("2,1,3\n0,3,4\n".utf8), to: "C.csv")
    #expect(throws: DataError.self) { try NumberArray.read(wide).symmetric("C.csv") }
  }
}
