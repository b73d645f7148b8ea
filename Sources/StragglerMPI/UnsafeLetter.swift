// SPDX-License-Identifier: Apache-2.0

#if MPI
  internal import CMPI
  public import StragglerCore

  /// Memory for a vector that a message carries.
  @safe
  @usableFromInline
  final class VectorBuffer {
    @usableFromInline let memory: UnsafeMutableRawPointer
    @usableFromInline let count: Int
    @usableFromInline let width: Int

    /// `count` zeros of `width` bytes.
    @usableFromInline
    init(count: Int, width: Int) {
      (self.count, self.width) = (count, width)
      unsafe memory = .allocate(byteCount: max(1, count * width), alignment: 64)
      unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: count * width)
    }

    deinit { unsafe memory.deallocate() }

    /// The vector, whose numbers have the buffer's width.
    @inlinable
    @_lifetime(borrow self)
    func values<Scalar: StragglerCore.Scalar>(of type: Scalar.Type) -> Span<Scalar> {
      let span = unsafe Span(_unsafeStart: memory.assumingMemoryBound(to: type), count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// The vector, to be written.
    @inlinable
    @_lifetime(borrow self)
    func mutableValues<Scalar: StragglerCore.Scalar>(of type: Scalar.Type) -> MutableSpan<Scalar> {
      let span = unsafe MutableSpan(_unsafeStart: memory.assumingMemoryBound(to: type), count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }

    /// Where a vector lies: two of the same event with the same address are one.
    @inlinable
    static func address<Scalar: StragglerCore.Scalar>(_ vector: Span<Scalar>) -> UInt {
      unsafe vector.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }
  }

  /// A message, to be sent or received: a head, and a vector that others may share.
  @safe
  @usableFromInline
  final class Letter {
    /// The vector that is sent with the head, or has room for one that comes.
    @usableFromInline var vector: VectorBuffer?
    private let memory: UnsafeMutablePointer<MessageHead>
    private let request: UnsafeMutablePointer<straggler_mpi_request>
    private let ranks: Ranks
    /// Whether it is being sent or waited for.
    private(set) var isUnderWay = false

    @usableFromInline
    init(_ ranks: Ranks, vector: VectorBuffer? = nil) {
      (self.ranks, self.vector) = (ranks, vector)
      unsafe memory = .allocate(capacity: 1)
      unsafe memory.initialize(to: MessageHead(.stop))
      unsafe request = .allocate(capacity: 1)
    }

    deinit {
      // What is under way when a run has thrown stays MPI's until the process ends.
      if isUnderWay {
        if let vector { _ = unsafe Unmanaged.passRetained(vector) }
        return
      }
      unsafe memory.deallocate()
      unsafe request.deallocate()
    }

    @usableFromInline
    var head: MessageHead {
      get { unsafe memory.pointee }
      set { unsafe memory.pointee = newValue }
    }

    private func message(hasBody: Bool) -> straggler_mpi_message {
      let body = hasBody ? vector : nil
      return unsafe straggler_mpi_message(
        head: memory, bytes: Int32(MemoryLayout<MessageHead>.size), body: body?.memory,
        count: Int32(body?.count ?? 0), width: Int32(body?.width ?? 8))
    }

    /// Begins to send the head, and the vector where it says that there is one.
    @usableFromInline
    func send(to rank: Int, _ tag: MessageDirection) throws(MPIError) {
      unsafe try ranks.send(message(hasBody: head.hasBody), to: rank, tag.tag, request)
      isUnderWay = true
    }

    /// Sends the head alone; with `waits`, returns when it is being received.
    @usableFromInline
    func sendHead(to rank: Int, _ tag: MessageDirection, waits: Bool = false) throws(MPIError) {
      let bytes = unsafe UnsafeRawBufferPointer(start: memory, count: MemoryLayout<MessageHead>.size)
      unsafe try ranks.send(bytes: bytes, to: rank, tag.tag, waits: waits)
    }

    /// Begins to wait for a message from `rank`, or from any.
    @usableFromInline
    func receive(from rank: Int?, _ tag: MessageDirection) throws(MPIError) {
      unsafe try ranks.receive(message(hasBody: true), from: rank, tag.tag, request)
      isUnderWay = true
    }

    /// The rank from which it has come, or -1 where it was sent; nil while it is under way.
    @usableFromInline
    func test() throws(MPIError) -> Int? {
      var (isDone, from) = (Int32(0), Int32(-1))
      try Ranks.check("look for a message", unsafe straggler_mpi_test(request, &isDone, &from))
      guard isDone != 0 else { return nil }
      isUnderWay = false
      return Int(from)
    }

    /// Waits until it is sent, if it is under way.
    @usableFromInline
    func wait() throws(MPIError) {
      guard isUnderWay else { return }
      try Ranks.check("send a message", unsafe straggler_mpi_wait(request))
      isUnderWay = false
    }

    /// Waits no longer.
    @usableFromInline
    func cancel() throws(MPIError) {
      guard isUnderWay else { return }
      try Ranks.check("leave off waiting for a message", unsafe straggler_mpi_cancel(request))
      isUnderWay = false
    }
  }

  /// Which way a message goes.
  @usableFromInline
  enum MessageDirection {
    /// From the server.
    case order
    /// To the server.
    case reply

    var tag: Ranks.Tag { self == .order ? .order : .reply }
  }
#endif
