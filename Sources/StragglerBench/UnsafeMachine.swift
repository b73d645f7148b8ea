// SPDX-License-Identifier: Apache-2.0

import CMachine
import StragglerData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What this processor can do at most, as measured here and now: nothing that it is said to do can be more.
struct Machine {
  /// Of one processor, in operations a second; an addition and a multiplication that are done as one are two.
  let doubleOperations: Double
  let floatOperations: Double

  static func measured() -> Machine {
    Machine(
      doubleOperations: best { machine_compute_doubles(20_000) },
      floatOperations: best { machine_compute_floats(20_000) })
  }

  /// Bytes a second that one processor reads, of `bytes` bytes again and again.
  func readBandwidth(over bytes: Int) -> Double {
    let count = max(64, bytes / 8 / 64 * 64)
    let times = max(1, (1 << 20) / count)
    var x = [Double](repeating: 1, count: count)
    return Self.best(tries: count > 1 << 20 ? 15 : 100) {
      unsafe x.withUnsafeMutableBufferPointer { x in
        if let base = x.baseAddress { unsafe machine_consume(machine_read(base, count, times)) }
      }
      return Double(8 * count * times)
    }
  }

  /// Bytes a second, both ways, of one processor that adds a vector to another; `bytes` are those of both.
  func updateBandwidth(over bytes: Int) -> Double {
    let count = max(64, bytes / 16 / 64 * 64)
    let times = max(1, (1 << 19) / count)
    let x = [Double](repeating: 1, count: count)
    var y = [Double](repeating: 1, count: count)
    return Self.best(tries: count > 1 << 19 ? 15 : 100) {
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeMutableBufferPointer { y in
          if let x = x.baseAddress, let y = y.baseAddress { unsafe machine_update(x, y, count, times) }
        }
      }
      return Double(24 * count * times)
    }
  }

  /// The best rate of `work`, which says how much it did. Short and many times, so that one is not
  /// interrupted.
  private static func best(tries: Int = 100, _ work: () -> Double) -> Double {
    var best = 0.0
    for _ in 0..<tries {
      var amount = 0.0
      let elapsed = processorTime { amount = work() }
      best = max(best, amount / elapsed)
    }
    return best
  }

  /// What the system calls its processors, and how many there are.
  static var name: String {
    let text = (try? Files.read("/proc/cpuinfo")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    let model = line?.split(separator: ":", maxSplits: 1).last.map { $0.drop { $0 == " " } }
    let count = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    return "\(count) processors" + (model.map { ", \($0)" } ?? "")
  }

  /// Today, as 2026-01-31, in UTC.
  static var date: String {
    var now = time(nil)
    var parts = unsafe tm()
    unsafe gmtime_r(&now, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (year, month, day) = unsafe (1900 + parts.tm_year, parts.tm_mon + 1, parts.tm_mday)
    return "\(year)-\(two(month))-\(two(day))"
  }
}

/// How long processors have worked.
enum ProcessorClock {
  /// Seconds of this thread.
  static var seconds: Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

  /// Seconds of a process; nil where the system does not say.
  static func seconds(of process: pid_t) -> Double? {
    #if os(Linux)
      var clock = clockid_t()
      return unsafe clock_getcpuclockid(process, &clock) == 0 ? seconds(clock) : nil
    #else
      return nil
    #endif
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}

/// Prints a line on standard error.
func complain(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  _ = unsafe write(2, bytes, bytes.count)
}

/// The compiler has to assume that `array` is read and changed here.
@inline(__always)
func use<Element: BitwiseCopyable>(_ array: inout [Element]) {
  unsafe array.withUnsafeMutableBytes { bytes in unsafe machine_use(bytes.baseAddress) }
}

/// The compiler has to assume that `value` is needed.
func consume(_ value: Double) { machine_consume(value) }
