// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore
internal import StragglerData
internal import StragglerLab

/// `draw(LAW)`: a number drawn once for each worker, fixed by the seed, the worker and the place in the
/// command.
struct DrawnColumn: WorkerColumn {
  let law: BoundDistribution
  /// Which of the draws of its command it is.
  let number: Int
  let place: Place

  func values(of workers: ClosedRange<Int>, in fleet: FleetFacts) throws(Diagnostic) -> [Double] {
    let made = try law.delays(of: workers, in: fleet, at: place)
    // The law may look at memory that its owners have.
    return withExtendedLifetime(made.owners) {
      zip(workers, made.delays).map { worker, delay in
        var stream = RandomStream(seed: fleet.seed, purpose: .fleet, worker: worker, job: number)
        return delay.sample(&stream, job: 0)
      }
    }
  }

  /// The number of draw `index` of a key: the same in every version of the program.
  static func number(_ key: String, _ index: Int) -> Int {
    // FNV-1a (Fowler, Noll, Vo), cut to 32 bits; the lowest byte counts the draws of the key.
    let hash = key.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return Int(hash) << 8 | min(index, 255)
  }
}

/// `column("FILE","TITLE")`: what a table has for each worker.
struct FileColumn: WorkerColumn {
  let file: String
  let title: String
  let place: Place

  func values(of workers: ClosedRange<Int>, in fleet: FleetFacts) throws(Diagnostic) -> [Double] {
    let table: WorkerTable
    do throws(DataError) { table = try WorkerTable.read(file, title: title) } catch {
      throw Diagnostic(error, at: place)
    }
    guard case .numbers(let numbers)? = table.values[title] else { return [] }
    if file == fleet.file { return workers.map { numbers[fleet.rows[$0 - 1]] } }
    if !fleet.names.isEmpty, !table.names.isEmpty {
      var rows: [String: Int] = [:]
      for (row, name) in table.names.enumerated() { rows[name] = row }
      var values: [Double] = []
      for worker in workers {
        guard let row = rows[fleet.names[worker - 1]] else {
          throw Diagnostic(.noSuchRow(file, fleet.names[worker - 1]), at: place)
        }
        values.append(numbers[row])
      }
      return values
    }
    guard numbers.count == fleet.count else {
      throw Diagnostic(.otherRows(file, numbers.count, fleet.count), at: place)
    }
    return workers.map { numbers[$0 - 1] }
  }
}

extension ArgumentBinder {
  /// What a call in an expression of a key gives each worker; `value` is all of the key's value,
  /// from which draws are numbered.
  func column(
    _ call: WorkerCall, _ place: Place, key: String, in value: Place
  ) throws(Diagnostic) -> any WorkerColumn {
    let open = place.range.lowerBound + call.rawValue.utf8.count
    let parts = try ArgumentReader.parts(ofBracketed: Place(place.source, open..<place.range.upperBound))
    switch call {
    case .draw:
      guard parts.count == 1 else { throw Diagnostic(.drawArguments, at: place) }
      let before = value.range.lowerBound..<max(value.range.lowerBound, place.range.lowerBound)
      let index = Self.draws(in: place.source[before])
      return DrawnColumn(
        law: try distribution(parts[0], key: key, in: value), number: DrawnColumn.number(key, index),
        place: place)
    case .column:
      guard parts.count == 2 else { throw Diagnostic(.columnArguments, at: place) }
      let file = try ExpressionParser.expression(parts[0]).evaluate(in: environment).printed
      let title = try ExpressionParser.expression(parts[1]).evaluate(in: environment).printed
      return FileColumn(file: file, title: title, place: place)
    }
  }

  /// How many draws are written in `text`.
  private static func draws(in text: String) -> Int {
    var (count, previous) = (0, UInt8(ascii: " "))
    let bytes = Array(text.utf8)
    let call = Array((WorkerCall.draw.rawValue + "(").utf8)
    for index in bytes.indices {
      if !previous.continuesName, bytes[index...].starts(with: call) { count += 1 }
      previous = bytes[index]
    }
    return count
  }
}
