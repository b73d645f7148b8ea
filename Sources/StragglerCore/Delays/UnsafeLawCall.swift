// SPDX-License-Identifier: Apache-2.0

/// A law as a function in C's convention: an address of code, which a `Delay` holds like a number. It gets
/// the address of a call. In every law it is `static var code: LawCode { { Self.answer($0) } }`.
public typealias LawCode = @convention(c) @Sendable (_ call: Int) -> Void

extension DelayLaw {
  /// Answers a question about the law; for `code` only, which is called by `Delay`.
  @inlinable @inline(__always)
  public static func answer(_ call: Int) {
    guard let call = unsafe LawCall.at(call) else { return }
    guard unsafe call.pointee.question == .sample, let stream = unsafe call.pointee.stream else {
      return unsafe answer(&call.pointee)
    }
    let law = unsafe call.pointee.numbers.law(Self.self)
    unsafe call.pointee.answer = law.sample(&stream.pointee, job: call.pointee.number)
  }
}

extension LibraryLaw {
  @inline(__always)
  static func answer(_ call: Int) {
    guard let call = unsafe LawCall.at(call) else { return }
    guard unsafe call.pointee.question == .sample, let stream = unsafe call.pointee.stream else {
      return unsafe answerAsLibrary(&call.pointee)
    }
    let law = unsafe call.pointee.numbers.law(Self.self)
    unsafe call.pointee.answer = law.sample(
      &stream.pointee, job: call.pointee.number, start: call.pointee.start, work: call.pointee.work)
  }
}

/// A question to a law, with its answer.
@usableFromInline @safe
struct LawCall {
  @usableFromInline let question: LawQuestion
  /// The law itself.
  @usableFromInline var numbers: LawNumbers
  @usableFromInline var answer = Double.nan
  /// What the law is asked of; `LawQuestion` says which numbers mean what.
  var x = 0.0, y = 0.0
  @usableFromInline var number = 0
  var start = Double.nan
  var work = Double.nan
  @usableFromInline var stream: UnsafeMutablePointer<RandomStream>? = nil
  /// The bytes of another law of the same type.
  var other = LawNumbers()
  /// Where an answer goes that is no number.
  private var reply: UnsafeMutablePointer<LawParts?>? = nil

  init(_ question: LawQuestion, _ numbers: LawNumbers) {
    (self.question, self.numbers) = (question, numbers)
  }

  /// The call at an address that `put` has made.
  @unsafe @inlinable
  static func at(_ address: Int) -> UnsafeMutablePointer<LawCall>? {
    unsafe UnsafeMutablePointer(bitPattern: address)
  }

  /// Whether both are the same code, and so take bytes for the same type.
  static func isSame(_ code: LawCode, _ other: LawCode) -> Bool {
    unsafe unsafeBitCast(code, to: Int.self) == unsafeBitCast(other, to: Int.self)
  }

  /// Answers with `parts`.
  func reply(_ parts: LawParts) { unsafe reply?.pointee = parts }

  /// Asks the law with `code` for its parts; the number is what else it answers.
  static func parts(
    _ question: LawQuestion, _ code: LawCode, _ numbers: LawNumbers
  ) -> (parts: LawParts?, answer: Double) {
    var parts: LawParts? = nil
    let answer = unsafe withUnsafeMutablePointer(to: &parts) { reply in
      var call = LawCall(question, numbers)
      unsafe call.reply = reply
      call.put(to: code)
      return call.answer
    }
    return (parts, answer)
  }

  /// Asks the law with `code`.
  mutating func put(to code: LawCode) {
    unsafe withUnsafeMutablePointer(to: &self) { code(Int(bitPattern: $0)) }
  }

  /// The η of job `number`; what is known of the job is in `start` and `work`.
  static func sample(
    _ code: LawCode, _ numbers: LawNumbers, _ stream: inout RandomStream, job: Int, start: Double,
    work: Double
  ) -> Double {
    unsafe withUnsafeMutablePointer(to: &stream) { stream in
      var call = LawCall(.sample, numbers)
      (call.number, call.start, call.work) = (job, start, work)
      unsafe call.stream = stream
      call.put(to: code)
      return call.answer
    }
  }
}

/// The bytes of a law.
@usableFromInline
struct LawNumbers: BitwiseCopyable, Sendable {
  @usableFromInline var numbers = (0.0, 0.0, 0.0)

  init() {}

  /// The bytes of `law`; nil where it has more than 24.
  init?<Law: DelayLaw>(_ law: Law) {
    guard MemoryLayout<Law>.size <= MemoryLayout<LawNumbers>.size else { return nil }
    unsafe withUnsafeMutableBytes(of: &numbers) { unsafe $0.storeBytes(of: law, as: Law.self) }
  }

  /// The law of type `Law` whose bytes these are.
  // Where they are, and not of a copy: the Embedded compiler forgets to store a copy that is only read in
  // another type.
  @inlinable
  mutating func law<Law: DelayLaw>(_ type: Law.Type) -> Law {
    unsafe withUnsafeMutableBytes(of: &numbers) { unsafe $0.loadUnaligned(as: Law.self) }
  }

  static func == (left: LawNumbers, right: LawNumbers) -> Bool { left.numbers == right.numbers }
}
