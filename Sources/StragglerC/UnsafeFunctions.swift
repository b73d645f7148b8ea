// SPDX-License-Identifier: Apache-2.0

public import CStraggler
import StragglerLab
import StragglerLanguage

// The functions of straggler.h, which says what they do.

// MARK: - Versions and messages

/// `straggler_version` of straggler.h.
@_cdecl("straggler_version")
public func stragglerVersion() -> UnsafePointer<CChar>? { unsafe versionText.pointer }

private let versionText = CText(Provenance.version)

/// `straggler_message` of straggler.h.
@_cdecl("straggler_message")
public func stragglerMessage(_ handle: UnsafeRawPointer?) -> UnsafePointer<CChar>? {
  unsafe sc_message(handle)
}

// MARK: - Sessions

private func session(_ handle: OpaquePointer) -> SessionHandle {
  unsafe Unmanaged<SessionHandle>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
}

/// Does `body` with a session that is not at work.
private func with(_ handle: OpaquePointer?, _ body: (SessionHandle) -> Answer) -> Int32 {
  guard let handle = unsafe handle else {
    return end(invalid("there is no session: it is null"), about: nil)
  }
  // The body may free it.
  let kept = unsafe Unmanaged<SessionHandle>.fromOpaque(UnsafeRawPointer(handle)).retain()
  defer { unsafe kept.release() }
  return unsafe kept._withUnsafeGuaranteedRef { own in
    unsafe end(own.alone { body(own) }, about: address(handle))
  }
}

/// `straggler_session_new` of straggler.h.
@_cdecl("straggler_session_new")
public func stragglerSessionNew(_ threads: Int32, _ result: UnsafeMutablePointer<OpaquePointer?>?) -> Int32 {
  guard let result = unsafe result else {
    return end(invalid("there is no place for the session: it is null"), about: nil)
  }
  unsafe result.pointee = nil
  guard (0...SessionHandle.mostThreads).contains(Int(threads)) else {
    return end(
      invalid("threads are from 1 to \(SessionHandle.mostThreads), or 0 for one a processor, not \(threads)"),
      about: nil)
  }
  let made = SessionHandle(threads: Int(threads))
  unsafe result.pointee = unsafe OpaquePointer(Unmanaged.passRetained(made).toOpaque())
  return end(.done, about: nil)
}

/// `straggler_session_free` of straggler.h.
@_cdecl("straggler_session_free")
public func stragglerSessionFree(_ handle: OpaquePointer?) {
  guard let handle = unsafe handle else { return }
  unsafe session(handle).interrupt()
  unsafe Unmanaged<SessionHandle>.fromOpaque(UnsafeRawPointer(handle)).release()
}

/// `straggler_session_run` of straggler.h.
@_cdecl("straggler_session_run")
public func stragglerSessionRun(
  _ handle: OpaquePointer?, _ text: UnsafePointer<CChar>?, _ onOutput: straggler_output?,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  unsafe with(handle) { session in
    guard let text = unsafe text else { return invalid("there are no commands: the text is null") }
    return session.run(unsafe bytes(of: text)) { line in
      guard let onOutput = unsafe onOutput else { return true }
      return unsafe line.withCString { unsafe onOutput(context, $0, line.utf8.count) } == 0
    }
  }
}

/// `straggler_session_interrupt` of straggler.h.
@_cdecl("straggler_session_interrupt")
public func stragglerSessionInterrupt(_ handle: OpaquePointer?) -> Int32 {
  // Signal handlers call this: it does nothing else.
  guard let handle = unsafe handle else { return Int32(STRAGGLER_INVALID) }
  unsafe session(handle).interrupt()
  return Int32(STRAGGLER_OK)
}

/// A function of the caller with its context, for any thread.
@safe
private struct ProgressFunction: @unchecked Sendable {
  let function: straggler_progress
  let context: UnsafeMutableRawPointer?

  func callAsFunction(_ progress: Progress?) {
    guard let progress else { return unsafe function(context, nil, .nan) }
    unsafe progress.what.withCString { unsafe function(context, $0, progress.fraction) }
  }
}

/// `straggler_session_on_progress` of straggler.h.
@_cdecl("straggler_session_on_progress")
public func stragglerSessionOnProgress(
  _ handle: OpaquePointer?, _ onProgress: straggler_progress?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  unsafe with(handle) { session in
    guard let onProgress = unsafe onProgress else {
      session.onProgress(nil)
      return .done
    }
    let function = unsafe ProgressFunction(function: onProgress, context: context)
    session.onProgress(ProgressTaker { function($0) })
    return .done
  }
}

// MARK: - Problems

/// `straggler_problem_init` of straggler.h.
@_cdecl("straggler_problem_init")
public func stragglerProblemInit(_ problem: UnsafeMutablePointer<straggler_problem>?) {
  guard let problem = unsafe problem else { return }
  var empty = unsafe straggler_problem()
  unsafe empty.size = unsafe MemoryLayout<straggler_problem>.size
  unsafe (empty.smoothness, empty.variance, empty.optimum) = (.nan, .nan, .nan)
  unsafe empty.evaluation_cost = .nan
  unsafe problem.pointee = unsafe empty
}

/// `straggler_problem_add` of straggler.h.
@_cdecl("straggler_problem_add")
public func stragglerProblemAdd(
  _ handle: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ dimension: Int,
  _ problem: UnsafePointer<straggler_problem>?
) -> Int32 {
  unsafe with(handle) { session in
    guard let name = unsafe name, let problem = unsafe problem else {
      return invalid("the name or the functions of the problem are null")
    }
    guard unsafe problem.pointee.size == MemoryLayout<straggler_problem>.size else {
      return invalid("the problem is not of this version: call straggler_problem_init() first")
    }
    guard let name = String(validating: unsafe bytes(of: name), as: UTF8.self) else {
      return invalid("the name of the problem is no UTF-8")
    }
    let callbacks = unsafe problem.pointee
    guard dimension >= 1, dimension <= 1 << 40 else {
      return invalid("the dimension of the problem \(name) is from 1 to \(1 << 40), not \(dimension)")
    }
    // C knows no pointers that cannot be null.
    guard unsafe unsafeBitCast(callbacks.value, to: Int.self) != 0,
      unsafe unsafeBitCast(callbacks.gradient, to: Int.self) != 0
    else { return invalid("the problem \(name) lacks its function value or gradient, which are required") }
    if let wrong = unsafe wrongConstant(of: callbacks) { return invalid("the problem \(name): \(wrong)") }
    return unsafe session.add(callbacks, named: name, dimension: dimension)
  }
}

/// What is wrong with the constants of a problem.
private func wrongConstant(of problem: straggler_problem) -> String? {
  let (smoothness, variance) = unsafe (problem.smoothness, problem.variance)
  let (optimum, cost) = unsafe (problem.optimum, problem.evaluation_cost)
  if !smoothness.isNaN, !(smoothness > 0 && smoothness.isFinite) {
    return "smoothness is above 0, or NaN where it is not known, not \(smoothness)"
  }
  if !variance.isNaN, !(variance >= 0 && variance.isFinite) {
    return "variance is at least 0, or NaN where it is not known, not \(variance)"
  }
  if optimum.isInfinite { return "optimum is a number, or NaN where it is not known, not \(optimum)" }
  if !cost.isNaN, !(cost > 0 && cost.isFinite) {
    return "evaluation_cost is above 0, or NaN for 1, not \(cost)"
  }
  return nil
}

// MARK: - Tables

private func table(_ handle: OpaquePointer?) -> TableHandle? {
  guard let handle = unsafe handle else { return nil }
  return unsafe Unmanaged<TableHandle>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
}

/// `straggler_table_new` of straggler.h.
@_cdecl("straggler_table_new")
public func stragglerTableNew(
  _ handle: OpaquePointer?, _ name: UnsafePointer<CChar>?, _ result: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  unsafe result?.pointee = nil
  return unsafe with(handle) { session in
    guard let name = unsafe name, let result = unsafe result else {
      return invalid("the name of the table, or the place for it, is null")
    }
    let text = unsafe String(decoding: bytes(of: name), as: UTF8.self)
    guard let columns = session.columns(text) else {
      return Answer(
        STRAGGLER_MISSING,
        "there is no table '\(text)': there are traces and model after run, traces and results after compare "
          + "and sweep, and the tables that row fills")
    }
    unsafe result.pointee = unsafe OpaquePointer(Unmanaged.passRetained(TableHandle(columns)).toOpaque())
    return .done
  }
}

/// `straggler_table_free` of straggler.h.
@_cdecl("straggler_table_free")
public func stragglerTableFree(_ handle: OpaquePointer?) {
  guard let handle = unsafe handle else { return }
  unsafe Unmanaged<TableHandle>.fromOpaque(UnsafeRawPointer(handle)).release()
}

/// `straggler_table_rows` of straggler.h.
@_cdecl("straggler_table_rows")
public func stragglerTableRows(_ handle: OpaquePointer?) -> Int { unsafe table(handle)?.rows ?? 0 }

/// `straggler_table_columns` of straggler.h.
@_cdecl("straggler_table_columns")
public func stragglerTableColumns(_ handle: OpaquePointer?) -> Int {
  unsafe table(handle)?.columns.count ?? 0
}

/// `straggler_table_name` of straggler.h.
@_cdecl("straggler_table_name")
public func stragglerTableName(_ handle: OpaquePointer?, _ column: Int) -> UnsafePointer<CChar>? {
  unsafe table(handle)?[column]?.name.pointer
}

/// `straggler_table_numbers` of straggler.h.
@_cdecl("straggler_table_numbers")
public func stragglerTableNumbers(_ handle: OpaquePointer?, _ column: Int) -> UnsafePointer<Double>? {
  unsafe UnsafePointer(table(handle)?[column]?.numbers)
}

/// `straggler_table_texts` of straggler.h.
@_cdecl("straggler_table_texts")
public func stragglerTableTexts(
  _ handle: OpaquePointer?, _ column: Int
) -> UnsafePointer<UnsafePointer<CChar>?>? {
  unsafe UnsafePointer(table(handle)?[column]?.texts)
}
