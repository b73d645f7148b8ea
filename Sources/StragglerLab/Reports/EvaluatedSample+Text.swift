// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

extension EvaluatedSample {
  /// The remark for every place that shows something measured on the sample, without a full stop.
  public var sentence: String {
    let loss = "loss, gap and gradnorm2 are of a fixed sample of \(rows) of the \(allRows) rows"
    let accuracy = "accuracy is of a fixed sample of \(tests) of the \(allTests) test images"
    return (rows < allRows ? [loss] : []).joined() + (rows < allRows && tests < allTests ? ", and " : "")
      + (tests < allTests ? [accuracy] : []).joined()
  }

  /// The sentence as a note below a table.
  public var note: String { "note: " + sentence }

  /// A sample of four sizes, in the order of its variables.
  init?(_ sizes: [Int]) {
    guard sizes.count == 4, sizes.allSatisfy({ $0 >= 0 }) else { return nil }
    self.init(max(sizes[0], sizes[2]), of: sizes[1], tests: sizes[3])
  }
}
