// SPDX-License-Identifier: Apache-2.0

/// What carries messages between processes that carry out one script together, such as the ranks of an MPI
/// job.
package protocol RankLine: AnyObject, Sendable {
  /// The number of this process, from 0.
  var rank: Int { get }
  /// How many processes there are.
  var count: Int { get }
  /// Whether the caller is on the thread that may send and receive.
  var isOwnThread: Bool { get }
  /// Sends a message; those to one rank arrive in the order in which they were sent.
  func send(_ message: [UInt8], to rank: Int) throws(LabError)
  /// The next message, and from whom; nil where none has come.
  func receive() throws(LabError) -> (message: [UInt8], rank: Int)?
  /// Lets others have the processor between two looks; `looks` is how many there have been in vain.
  func rest(after looks: Int)
}

/// A message between ranks.
struct RankMessage: Equatable {
  /// What a message says.
  enum Kind: UInt8 {
    /// To rank 0: a rank asks for its first piece of a work.
    case ready = 1
    /// To rank 0: what came of a piece, and the rank asks for the next one.
    case done
    /// To rank 0: a rank has come to its end.
    case bye
    /// From rank 0: a piece, with what has become known meanwhile.
    case piece
    /// From rank 0: what all are to know.
    case news
    /// From rank 0: all end.
    case halt
  }

  var kind: Kind
  /// Which of the common works it is about: they are numbered from 1, in the same way on all ranks.
  var work: UInt64
  /// The number of a piece, or a status.
  var number: Int
  var content: [UInt8]

  init(_ kind: Kind, work: UInt64 = 0, number: Int = 0, content: [UInt8] = []) {
    (self.kind, self.work, self.number, self.content) = (kind, work, number, content)
  }

  /// The bytes on the line.
  var bytes: [UInt8] {
    var bytes = [kind.rawValue]
    bytes.reserveCapacity(17 + content.count)
    bytes.append(word: work)
    bytes.append(word: UInt64(bitPattern: Int64(number)))
    return bytes + content
  }

  /// The message of these bytes; nil where they are none.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 17, let kind = Kind(rawValue: bytes[0]) else { return nil }
    self.kind = kind
    work = bytes.word(at: 1)
    number = Int(Int64(bitPattern: bytes.word(at: 9)))
    content = Array(bytes[17...])
  }
}

extension [UInt8] {
  /// Appends eight bytes, the least first.
  mutating func append(word: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
  }

  /// The number of eight bytes from `place` on, which are there.
  func word(at place: Int) -> UInt64 {
    var word: UInt64 = 0
    for index in (0..<8).reversed() { word = word << 8 | UInt64(self[place + index]) }
    return word
  }

  /// Numbered pieces of bytes as one.
  init(joining pieces: [Int: [UInt8]]) {
    self = []
    for (number, bytes) in pieces.sorted(by: { $0.key < $1.key }) {
      append(word: UInt64(number))
      append(word: UInt64(bytes.count))
      self += bytes
    }
  }

  /// The pieces of `init(joining:)`; nil where it has not made these bytes.
  var pieces: [Int: [UInt8]]? {
    var (pieces, place): ([Int: [UInt8]], Int) = ([:], 0)
    while place < count {
      guard place + 16 <= count, let number = Int(exactly: word(at: place)),
        let size = Int(exactly: word(at: place + 8)), size <= count - place - 16
      else { return nil }
      place += 16
      pieces[number] = Array(self[place..<place + size])
      place += size
    }
    return pieces
  }
}
