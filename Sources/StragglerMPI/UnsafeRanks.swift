// SPDX-License-Identifier: Apache-2.0

#if MPI
  internal import CMPI

  #if canImport(Glibc)
    internal import Glibc
  #elseif canImport(Musl)
    internal import Musl
  #else
    internal import Darwin
  #endif

  /// The processes of an MPI job: ranks 0, 1, … of a program that `mpirun` or `srun` has started on one
  /// machine or several.
  ///
  ///     let ranks = try Ranks.start()
  ///     let run = try MPIRun(method, model: x0.span, over: ranks)
  ///     …
  ///     try ranks.finish()
  ///
  /// All of it is called on one thread. Its messages are apart from those of the program's own calls of MPI.
  @safe
  public final class Ranks: @unchecked Sendable {
    /// The number of this process, from 0.
    public let rank: Int
    /// How many processes there are.
    public let count: Int
    private let group: UnsafeMutablePointer<straggler_mpi_group>
    private let thread = pthread_self()

    /// Whether this is rank 0.
    @inlinable public var isFirst: Bool { rank == 0 }

    private init(rank: Int, count: Int, group: UnsafeMutablePointer<straggler_mpi_group>) {
      (self.rank, self.count) = (rank, count)
      unsafe self.group = unsafe group
    }

    deinit { unsafe group.deallocate() }

    /// Starts MPI, unless the program has; all ranks call it. Without `mpirun` or `srun` there is one rank.
    public static func start() throws(MPIError) -> Ranks {
      try check("start", straggler_mpi_start())
      var (rank, count) = (Int32(0), Int32(0))
      try check("tell the rank", unsafe straggler_mpi_rank(&rank))
      try check("count the ranks", unsafe straggler_mpi_size(&count))
      let group = UnsafeMutablePointer<straggler_mpi_group>.allocate(capacity: 1)
      let ranks = unsafe Ranks(rank: Int(rank), count: Int(count), group: group)
      try check("make a group of all ranks", unsafe straggler_mpi_make_group(group))
      return ranks
    }

    /// Ends MPI, after which the process does nothing with it any more; all ranks call it, and wait for each
    /// other.
    public func finish() throws(MPIError) { try Self.check("end", straggler_mpi_end()) }

    /// Ends the processes of all ranks at once, with `status`.
    public func abort(status: Int32) {
      if straggler_mpi_is_running() != 0 { straggler_mpi_abort(status) }
    }

    static func check(_ what: String, _ code: Int32) throws(MPIError) {
      guard code != 0 else { return }
      var text = [CChar](repeating: 0, count: Int(STRAGGLER_MPI_TEXT))
      let length = unsafe text.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.baseAddress.map { unsafe straggler_mpi_describe_error(code, $0) } ?? 0
      }
      let words = text.prefix(Int(length)).map { UInt8(bitPattern: $0) }
      throw MPIError(what: what, code: code, text: String(decoding: words, as: UTF8.self))
    }
  }

  // MARK: - Messages

  extension Ranks {
    /// What a message is about; those of different tags do not meet.
    enum Tag: Int32 { case order = 1, reply, text, crew }

    /// Whether the caller is on the thread that may call MPI.
    package var isOwnThread: Bool { pthread_equal(thread, pthread_self()) != 0 }

    /// Begins to send `message`.
    func send(
      _ message: straggler_mpi_message, to rank: Int, _ tag: Tag,
      _ request: UnsafeMutablePointer<straggler_mpi_request>
    ) throws(MPIError) {
      try Self.check(
        "send a message to rank \(rank)",
        unsafe straggler_mpi_send(message, Int32(rank), tag.rawValue, group, request))
    }

    /// Begins to wait for a message from `rank`, or from any.
    func receive(
      _ message: straggler_mpi_message, from rank: Int?, _ tag: Tag,
      _ request: UnsafeMutablePointer<straggler_mpi_request>
    ) throws(MPIError) {
      try Self.check(
        "wait for a message",
        unsafe straggler_mpi_receive(message, Int32(rank ?? -1), tag.rawValue, group, request))
    }

    /// Sends bytes, and returns when they may change; with `waits` when they are received.
    func send(bytes: UnsafeRawBufferPointer, to rank: Int, _ tag: Tag, waits: Bool = false) throws(MPIError) {
      try Self.check(
        "send a message to rank \(rank)",
        unsafe straggler_mpi_send_bytes(
          bytes.baseAddress, Int32(bytes.count), Int32(rank), tag.rawValue, waits ? 1 : 0, group))
    }

    func receive(bytes: UnsafeMutableRawBufferPointer, from rank: Int, _ tag: Tag) throws(MPIError) {
      try Self.check(
        "receive a message of rank \(rank)",
        unsafe straggler_mpi_receive_bytes(
          bytes.baseAddress, Int32(bytes.count), Int32(rank), tag.rawValue, group))
    }

    /// The rank whose message is there, and its bytes; nil where none is.
    func probe(_ tag: Tag) throws(MPIError) -> (rank: Int, bytes: Int)? {
      var (isThere, rank, bytes) = (Int32(0), Int32(0), Int32(0))
      try Self.check(
        "look for messages", unsafe straggler_mpi_probe(&isThere, &rank, &bytes, tag.rawValue, group))
      return isThere != 0 ? (Int(rank), Int(bytes)) : nil
    }

    /// Gives all ranks the bytes of rank 0; all call it, with as many.
    func share(_ bytes: UnsafeMutableRawBufferPointer) throws(MPIError) {
      try Self.check(
        "share what rank 0 has", unsafe straggler_mpi_share(bytes.baseAddress, Int32(bytes.count), group))
    }

    // MARK: - Texts

    /// Sends `text`, whose UTF-8 has the length that the other rank knows.
    @usableFromInline
    func send(text: String, to rank: Int) throws(MPIError) {
      let bytes = Array(text.utf8)
      let result = unsafe bytes.withUnsafeBytes { buffer in
        Result { () throws(MPIError) in unsafe try send(bytes: buffer, to: rank, .text) }
      }
      try result.get()
    }

    /// Receives a text of `length` bytes.
    @usableFromInline
    func receiveText(_ length: Int, from rank: Int) throws(MPIError) -> String {
      var bytes = [UInt8](repeating: 0, count: length)
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        Result { () throws(MPIError) in unsafe try receive(bytes: buffer, from: rank, .text) }
      }
      try result.get()
      return String(decoding: bytes, as: UTF8.self)
    }

    /// Sends `bytes`, and returns when they are on their way.
    package func send(_ bytes: [UInt8], to rank: Int) throws(MPIError) {
      let result = unsafe bytes.withUnsafeBytes { buffer in
        Result { () throws(MPIError) in unsafe try send(bytes: buffer, to: rank, .crew) }
      }
      try result.get()
    }

    /// The next message of `send(_:to:)`, and from whom; nil where none has come.
    package func receive() throws(MPIError) -> (message: [UInt8], rank: Int)? {
      guard let (rank, count) = try probe(.crew) else { return nil }
      var bytes = [UInt8](repeating: 0, count: count)
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        Result { () throws(MPIError) in unsafe try receive(bytes: buffer, from: rank, .crew) }
      }
      try result.get()
      return (bytes, rank)
    }

    /// The bytes that rank 0 gives; all ranks call it.
    package func share(_ bytes: [UInt8]) throws(MPIError) -> [UInt8] {
      var length = [bytes.count]
      var bytes = bytes
      let known = unsafe length.withUnsafeMutableBytes { buffer in
        Result { () throws(MPIError) in unsafe try share(buffer) }
      }
      try known.get()
      if !isFirst { bytes = [UInt8](repeating: 0, count: length[0]) }
      // MPI counts in 32 bits.
      let piece = 1 << 30
      for start in stride(from: 0, to: length[0], by: piece) {
        let result = unsafe bytes.withUnsafeMutableBytes { buffer in
          Result { () throws(MPIError) in
            unsafe try share(
              UnsafeMutableRawBufferPointer(rebasing: buffer[start..<min(start + piece, buffer.count)]))
          }
        }
        try result.get()
      }
      return bytes
    }
  }
#endif
