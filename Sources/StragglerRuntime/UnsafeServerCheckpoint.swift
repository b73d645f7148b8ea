// SPDX-License-Identifier: Apache-2.0

public import StragglerCore

// The state of a server as bytes. The books are words of memory, some of which are addresses. What a server
// was at its start can be made again anywhere; a checkpoint has the words that have changed since then, with
// addresses as places in the arena, and the vectors.

extension ParameterServer {
  /// The state between two events, to go on from later: bytes with a check sum. They hold for a server made
  /// by the same call, also in another process of the same program. O(n + d times points and slots).
  ///
  /// Throws where there is not the memory for it.
  public func checkpoint() throws(SetupError) -> [UInt8] {
    let start = try Pristine<M>(recipe, bookBytes)
    let other = try Pristine<M>(recipe, bookBytes)
    var changes: [UInt64] = []
    let words = unsafe withUnsafeBytes(of: deployment) { value in
      unsafe Words.of(value, UnsafeRawBufferPointer(rebasing: memory.buffer[..<bookBytes]))
    }
    for (index, word) in words.enumerated() {
      let (was, wasOther) = (start.words[index], other.words[index])
      let isAddress = wasOther &- was == other.base &- start.base && start.contains(was)
      // A word that held no address at the start may hold one now.
      let offset = word &- memory.base
      guard isAddress ? offset != was &- start.base : word != was else { continue }
      let isNowAddress = offset <= UInt64(bookBytes)
      changes += isNowAddress ? [UInt64(index) << 1 | 1, offset] : [UInt64(index) << 1, word]
    }
    var head = shape
    head.append(UInt64(deployment.life))
    head.append(UInt64(changes.count))
    var vectorBytes = [UInt8](repeating: 0, count: vectors.stateByteCount)
    var span = vectorBytes.mutableSpan
    guard vectors.copyState(into: &span) else { throw .outOfMemory }
    var content: [UInt8] = []
    content.reserveCapacity(8 * (head.count + changes.count) + vectorBytes.count)
    for word in head + changes { content.append(word) }
    content += vectorBytes
    var bytes: [UInt8] = Array(ServerCheckpoint.title.utf8)
    bytes.append(ServerCheckpoint.sum(content.span))
    return bytes + content
  }

  /// Goes on from `bytes` of `checkpoint()`. All tickets that were open are late, and the work is ordered
  /// again: `order(_:)` has it. Where nothing was in flight, the run goes on bit for bit.
  ///
  /// `life` is a number that no other life of this server has had, such as how often it has been restored, so
  /// that what comes from any of them is late; left out, it is the one after the checkpoint's, which is right
  /// where every checkpoint is restored at most once. Throws, and changes nothing, where the bytes are not
  /// those of a server made by the same call.
  public mutating func restore(_ bytes: Span<UInt8>, life: UInt16? = nil) throws(ServerCheckpointError) {
    let reader = try ServerCheckpoint(bytes)
    try compare(reader)
    let start = try pristine()
    let other = try pristine()
    var words = start.words
    for index in words.indices {
      let isAddress =
        other.words[index] &- words[index] == other.base &- start.base && start.contains(words[index])
      if isAddress { words[index] = words[index] &- start.base &+ memory.base }
    }
    for change in 0..<reader.changeCount / 2 {
      let (place, value) = reader.change(change)
      guard place >> 1 < UInt64(words.count) else { throw .damaged }
      words[Int(place >> 1)] = place & 1 == 1 ? value &+ memory.base : value
    }
    guard vectors.setState(from: reader.vectors) else { throw .otherServer("its vectors differ in size") }
    unsafe withUnsafeMutableBytes(of: &deployment) { value in
      let books = unsafe UnsafeMutableRawBufferPointer(rebasing: memory.buffer[..<bookBytes])
      unsafe Words.store(words, value, books)
    }
    deployment.beginLife(life ?? (reader.life &+ 1))
  }

  private func pristine() throws(ServerCheckpointError) -> Pristine<M> {
    do throws(SetupError) { return try Pristine(recipe, bookBytes) } catch { throw .outOfMemory }
  }

  /// What a checkpoint must agree in: n, d, the bytes of a coordinate, of the books and of the method, and
  /// the method's name.
  private var shape: [UInt64] {
    [
      UInt64(workers), UInt64(dimension), UInt64(MemoryLayout<Scalar>.stride), UInt64(bookBytes),
      UInt64(MemoryLayout<Deployment<M>>.size), ServerCheckpoint.sum(Array(recipe.name.utf8).span),
    ]
  }

  private func compare(_ checkpoint: borrowing ServerCheckpoint) throws(ServerCheckpointError) {
    let names = [
      "its number of workers", "the length of its model", "its precision", "what its method remembers",
      "what its method remembers", "its method",
    ]
    for index in [5, 0, 1, 2, 3, 4] where checkpoint.word(index) != shape[index] {
      throw .otherServer("\(names[index]) differs")
    }
  }
}

/// The books of a server as they are at its start, in memory of their own.
private struct Pristine<M: Method> {
  let memory: ServerMemory
  let words: [UInt64]

  init(_ recipe: ServerRecipe<M>, _ bytes: Int) throws(SetupError) {
    guard let memory = ServerMemory(bytes) else { throw .outOfMemory }
    var setup = try recipe.setup(memory.arena())
    let deployment = try recipe.deployment(&setup)
    guard setup.finish().used == bytes else {
      throw .impossible("a method that sets itself up differently", remedy: "have prepare(_:) be the same")
    }
    words = unsafe withUnsafeBytes(of: deployment) { value in
      unsafe Words.of(value, UnsafeRawBufferPointer(memory.buffer))
    }
    self.memory = memory
  }

  var base: UInt64 { memory.base }

  /// Whether `word` is an address of the books.
  func contains(_ word: UInt64) -> Bool { unsafe word &- base <= UInt64(memory.buffer.count) }
}

extension ServerMemory {
  fileprivate var base: UInt64 { unsafe UInt64(UInt(bitPattern: buffer.baseAddress)) }
}

/// The bytes of a value, filled up to a whole number of words, and after them those of the books.
private enum Words {
  static func count(_ bytes: Int) -> Int { (bytes + 7) / 8 }

  @unsafe
  static func of(_ value: UnsafeRawBufferPointer, _ books: UnsafeRawBufferPointer) -> [UInt64] {
    // The arena gives memory out by cache lines.
    var words = [UInt64](repeating: 0, count: count(value.count) + books.count / 8)
    unsafe words.withUnsafeMutableBytes { bytes in
      unsafe bytes.copyMemory(from: value)
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[(8 * count(value.count))...])
      unsafe rest.copyMemory(from: books)
    }
    return words
  }

  @unsafe
  static func store(
    _ words: [UInt64], _ value: UnsafeMutableRawBufferPointer, _ books: UnsafeMutableRawBufferPointer
  ) {
    unsafe words.withUnsafeBytes { bytes in
      unsafe value.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<value.count]))
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[(8 * count(value.count))...])
      unsafe books.copyMemory(from: rest)
    }
  }
}

/// The bytes of a checkpoint, whose sum is right.
private struct ServerCheckpoint: ~Escapable {
  static let title = "straggler server 2\n     "
  private static let headWords = 8
  private let content: Span<UInt8>

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) throws(ServerCheckpointError) {
    let start = Self.title.utf8.count
    guard bytes.count >= start + 8 + 8 * Self.headWords else { throw .noCheckpoint }
    for (index, byte) in Self.title.utf8.enumerated() where bytes[index] != byte { throw .noCheckpoint }
    content = bytes.extracting((start + 8)...)
    guard Self.word(bytes.extracting(start...), 0) == Self.sum(content) else { throw .damaged }
    guard changeCount % 2 == 0, changeCount <= content.count / 8 - Self.headWords else { throw .damaged }
  }

  func word(_ index: Int) -> UInt64 { Self.word(content, index) }
  var life: UInt16 { UInt16(truncatingIfNeeded: word(6)) }
  var changeCount: Int { Int(truncatingIfNeeded: word(7) & 0xFFFF_FFFF_FFFF) }
  func change(_ index: Int) -> (place: UInt64, value: UInt64) {
    (word(Self.headWords + 2 * index), word(Self.headWords + 2 * index + 1))
  }

  var vectors: Span<UInt8> {
    @_lifetime(copy self) get { content.extracting((8 * (Self.headWords + changeCount))...) }
  }

  private static func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
    var word: UInt64 = 0
    for byte in 0..<8 { word |= UInt64(bytes[8 * index + byte]) << UInt64(8 * byte) }
    return word
  }

  /// A sum that changes with every word, the last one filled up with zeros.
  static func sum(_ bytes: Span<UInt8>) -> UInt64 {
    var sum = UInt64(bytes.count) ^ 0xCBF2_9CE4_8422_2325
    func add(_ word: UInt64) {
      sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
      sum ^= sum >> 32
    }
    for index in 0..<bytes.count / 8 { add(word(bytes, index)) }
    var last: UInt64 = 0
    for index in (bytes.count / 8 * 8)..<bytes.count { last = last << 8 | UInt64(bytes[index]) }
    add(last)
    return sum
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ word: UInt64) {
    for byte in 0..<8 { append(UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))) }
  }
}
