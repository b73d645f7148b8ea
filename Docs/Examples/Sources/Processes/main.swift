import Foundation
import Straggler

// Four worker processes, each a child of this one that answers over its standard input and output. One is
// killed in the middle, and another takes its place. Gradients are those of ‖x − (1, 2, 3)‖²/2.
//
// A message is an array of 64-bit numbers: to a worker its ticket and the point, from it the ticket and the
// gradient. Nothing else is agreed on: what comes by a ticket that is not open is late.
let minimum = [1.0, 2, 3]
let length = 8 * (1 + minimum.count)

func bytes(_ ticket: UInt64, _ vector: [Double]) -> Data {
  ([ticket] + vector.map(\.bitPattern)).reduce(into: Data()) { data, word in
    for byte in 0..<8 { data.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))) }
  }
}

func message(_ data: Data) -> (ticket: UInt64, vector: [Double]) {
  let words = (0...minimum.count).map { index in
    (0..<8).reduce(UInt64(0)) { $0 | UInt64(data[data.startIndex + 8 * index + $1]) << UInt64(8 * $1) }
  }
  return (words[0], words[1...].map { Double(bitPattern: $0) })
}

/// Reads `length` bytes; nil at the end of the file.
func read(_ file: FileHandle) throws -> Data? {
  var data = Data()
  while data.count < length {
    guard let more = try file.read(upToCount: length - data.count), !more.isEmpty else { return nil }
    data += more
  }
  return data
}

// The program of a worker: this one, started with an argument.
if CommandLine.arguments.count > 1 {
  while let data = try read(.standardInput) {
    let (ticket, point) = message(data)
    let gradient = zip(point, minimum).map { $0 - $1 }
    // Slower than the others, so that it is at work when it is killed.
    if CommandLine.arguments[1] == "slow" { Thread.sleep(forTimeInterval: 0.02) }
    try FileHandle.standardOutput.write(contentsOf: bytes(ticket, gradient))
  }
  exit(0)
}

/// What a thread has read from a worker, for the one thread that drives the server.
enum Event: Sendable {
  case result(Data)
  /// The worker has gone; which of those that have been in its place it was.
  case end(worker: Int, incarnation: Int)
}

/// Events in the order in which they come.
final class Mailbox: @unchecked Sendable {
  private let condition = NSCondition()
  private var events: [Event] = []

  func post(_ event: Event) {
    condition.lock()
    events.append(event)
    condition.signal()
    condition.unlock()
  }

  func next() -> Event {
    condition.lock()
    defer { condition.unlock() }
    while events.isEmpty { condition.wait() }
    return events.removeFirst()
  }
}

/// The processes, and what comes from them.
struct Workers {
  let mailbox = Mailbox()
  private var processes: [(process: Process, input: FileHandle)?]
  private var incarnations: [Int]

  init(_ count: Int) {
    processes = Array(repeating: nil, count: count)
    incarnations = Array(repeating: 0, count: count)
  }

  mutating func start(_ worker: Int) throws {
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = Bundle.main.executableURL
    process.arguments = [worker == 3 ? "slow" : "fast"]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    incarnations[worker] += 1
    processes[worker] = (process, input.fileHandleForWriting)
    let (mailbox, incarnation) = (mailbox, incarnations[worker])
    let file = output.fileHandleForReading
    Thread {
      while let data = try? read(file) { mailbox.post(.result(data)) }
      mailbox.post(.end(worker: worker, incarnation: incarnation))
    }.start()
  }

  func send(_ data: Data, to worker: Int) {
    // Where it fails the worker has gone, and its end is on its way.
    try? processes[worker]?.input.write(contentsOf: data)
  }

  func kill(_ worker: Int) {
    if let process = processes[worker]?.process { Foundation.kill(process.processIdentifier, SIGKILL) }
  }

  /// Whether the end of `incarnation` is news.
  mutating func hasEnded(_ worker: Int, _ incarnation: Int) -> Bool {
    guard incarnations[worker] == incarnation else { return false }
    processes[worker] = nil
    return true
  }

  mutating func stopAll() {
    for worker in processes.indices {
      try? processes[worker]?.input.close()
      processes[worker]?.process.waitUntilExit()
      processes[worker] = nil
    }
  }
}

signal(SIGPIPE, SIG_IGN)
let count = 4
var workers = Workers(count)
// Nobody is there yet: the work waits.
var server = try AnyServer(
  "ringmaster gamma=0.1 R=3", model: [0, 0, 0].span, workers: count, present: 0)

@MainActor func send(_ order: JobOrder) {
  // A worker of this example cannot be stopped: what it sends for a job that was, is late.
  guard order.task == .gradient else { return }
  let point = server.point(for: order)
  workers.send(bytes(order.ticket, point.indices.map { point[$0] }), to: order.worker)
}

@MainActor func hire(_ worker: Int) throws {
  try workers.start(worker)
  if let order = try server.replace(worker) { send(order) }
}

for worker in 0..<count { try hire(worker) }
var replaced = 0
var hasKilled = false
while server.iteration < 500 || replaced == 0 {
  switch workers.mailbox.next() {
  case .result(let data):
    let (ticket, gradient) = message(data)
    try server.receive(gradient.span, ticket: ticket)
    for index in 0..<server.orderCount { send(server.order(index)) }
    if server.iteration >= 200, !hasKilled {
      hasKilled = true
      workers.kill(3)
    }
  case .end(let worker, let incarnation):
    guard workers.hasEnded(worker, incarnation) else { continue }
    try server.remove(worker)
    try hire(worker)
    replaced += 1
  }
}
workers.stopAll()

let x = server.model.indices.map { server.model[$0] }
let error = zip(x, minimum).map { abs($0 - $1) }.max() ?? 0
print("\(replaced) worker was replaced; \(server.failed) job failed and was done again")
print(error < 1e-6 ? "the minimum was found" : "x = \(x) is not the minimum")
exit(error < 1e-6 && replaced == 1 ? 0 : 1)
