// SPDX-License-Identifier: Apache-2.0

internal import StragglerCore

/// Settings in the form and the memory that the core reads them from. They live as long as this object.
@safe
@usableFromInline
final class SettingMemory: @unchecked Sendable {
  private var texts: [UnsafeMutableBufferPointer<UInt8>] = unsafe []
  private var lists: [UnsafeMutableBufferPointer<Double>] = unsafe []
  private let entries: UnsafeMutableBufferPointer<NamedSetting>

  @usableFromInline
  init(_ settings: Settings) {
    unsafe entries = .allocate(capacity: settings.count)
    for (index, (name, value)) in settings.sorted(by: { $0.key < $1.key }).enumerated() {
      unsafe entries.initializeElement(at: index, to: NamedSetting(text(name), setting(value)))
    }
  }

  deinit {
    while let text = unsafe texts.popLast() { unsafe text.deallocate() }
    while let list = unsafe lists.popLast() { unsafe list.deallocate() }
    unsafe entries.deallocate()
  }

  var table: Table<NamedSetting> { unsafe Table(base: entries.baseAddress, count: entries.count) }

  private func setting(_ value: SettingValue) -> Setting {
    switch value {
    case .number(let number): return .number(number)
    case .word(let word): return .word(text(word))
    case .call(let name, let arguments): return .call(text(name), table(arguments))
    case .perWorker(let values): return .perWorker(table(values))
    case .list(let values): return .list(table(values))
    case .schedule(let program): return .schedule(program)
    }
  }

  private func table(_ values: [Double]) -> Table<Double> {
    let list = UnsafeMutableBufferPointer<Double>.allocate(capacity: values.count)
    _ = unsafe list.initialize(fromContentsOf: values)
    unsafe lists.append(list)
    return unsafe Table(base: list.baseAddress, count: list.count)
  }

  private func text(_ string: String) -> Text {
    let bytes = Array(string.utf8)
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    _ = unsafe memory.initialize(fromContentsOf: bytes)
    unsafe texts.append(memory)
    return unsafe Text(UnsafeBufferPointer(memory))
  }
}
