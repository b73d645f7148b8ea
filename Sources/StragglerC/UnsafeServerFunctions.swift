// SPDX-License-Identifier: Apache-2.0

public import CStraggler
import StragglerCore
import StragglerLab
import StragglerLanguage

// The functions of straggler.h about servers.

/// Does `body` with a server that is not at work. A checkpoint whose size was asked for is kept for
/// `takesCheckpoint` only.
private func with(
  _ handle: OpaquePointer?, takesCheckpoint: Bool = false, _ body: (ServerHandle) -> Answer
) -> Int32 {
  guard let handle = unsafe handle else { return end(invalid("there is no server: it is null"), about: nil) }
  let own = unsafe Unmanaged<ServerHandle>.fromOpaque(UnsafeRawPointer(handle))
  return unsafe own._withUnsafeGuaranteedRef { server in
    let answer = server.alone {
      if !takesCheckpoint { server.sizedCheckpoint = nil }
      return body(server)
    }
    return unsafe end(answer, about: address(handle))
  }
}

/// Why a vector of the caller cannot be one; nil where it can.
private func wrong(_ vector: UnsafeRawPointer?, _ what: String, alignment: Int) -> Answer? {
  guard let vector = unsafe vector else { return invalid("\(what) is null") }
  guard Int(bitPattern: vector) % alignment == 0 else {
    return invalid("\(what) is at an address where no number can be: it is no multiple of \(alignment)")
  }
  return nil
}

/// Where NaN stands for none.
private func given(_ time: Double) -> Double? { time.isNaN ? nil : time }

private func order(_ order: JobOrder) -> straggler_order {
  var copy = straggler_order()
  (copy.ticket, copy.worker) = (order.ticket, Int64(order.worker))
  (copy.keeps_point, copy.number, copy.version) =
    (order.keepsPoint ? 1 : 0, Int64(order.number), Int64(order.version))
  (copy.stepsize, copy.allotted) = (order.stepsize, order.allotted)
  let (task, count) =
    switch order.task {
    case .stop: (STRAGGLER_TASK_STOP, 0)
    case .gradient: (STRAGGLER_TASK_GRADIENT, 1)
    case .batch(let count): (STRAGGLER_TASK_BATCH, count)
    case .local(let steps, _): (STRAGGLER_TASK_LOCAL, steps)
    case .openEnded(_, let made): (STRAGGLER_TASK_OPEN_ENDED, made)
    case .sum(let steps): (STRAGGLER_TASK_SUM, steps)
    }
  (copy.task, copy.count) = (Int32(task), Int64(count))
  return copy
}

/// `straggler_server_new` of straggler.h.
@_cdecl("straggler_server_new")
public func stragglerServerNew(
  _ method: UnsafePointer<CChar>?, _ model: UnsafeRawPointer?, _ dimension: Int, _ precision: Int32,
  _ workers: Int, _ result: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  guard let result = unsafe result else {
    return end(invalid("there is no place for the server: it is null"), about: nil)
  }
  unsafe result.pointee = nil
  guard let method = unsafe method, let model = unsafe model else {
    return end(invalid("the method or the model is null"), about: nil)
  }
  let isDouble = precision == Int32(STRAGGLER_DOUBLE)
  guard isDouble || precision == Int32(STRAGGLER_FLOAT) else {
    return end(
      invalid("the precision is STRAGGLER_FLOAT (32) or STRAGGLER_DOUBLE (64), not \(precision)"), about: nil)
  }
  if let wrong = unsafe wrong(model, "the model", alignment: isDouble ? 8 : 4) {
    return end(wrong, about: nil)
  }
  guard dimension >= 1, dimension <= 1 << 40 else {
    return end(invalid("the dimension of the model is from 1 to \(1 << 40), not \(dimension)"), about: nil)
  }
  let text = unsafe String(decoding: bytes(of: method), as: UTF8.self)
  do throws(LabError) {
    let server: ServerHandle =
      isDouble
      ? try unsafe TypedServerHandle<Double>(text, model: model, dimension: dimension, workers: workers)
      : try unsafe TypedServerHandle<Float>(text, model: model, dimension: dimension, workers: workers)
    unsafe result.pointee = unsafe OpaquePointer(Unmanaged.passRetained(server).toOpaque())
    return end(.done, about: nil)
  } catch {
    return end(
      Answer(STRAGGLER_INVALID, error.message + (error.remedy.map { "; \($0)" } ?? "")), about: nil)
  }
}

/// `straggler_server_free` of straggler.h.
@_cdecl("straggler_server_free")
public func stragglerServerFree(_ handle: OpaquePointer?) {
  guard let handle = unsafe handle else { return }
  unsafe Unmanaged<ServerHandle>.fromOpaque(UnsafeRawPointer(handle)).release()
}

/// `straggler_server_orders` of straggler.h.
@_cdecl("straggler_server_orders")
public func stragglerServerOrders(
  _ handle: OpaquePointer?, _ orders: UnsafeMutablePointer<straggler_order>?, _ capacity: Int,
  _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
  unsafe with(handle) { server in
    guard let count = unsafe count else { return invalid("there is no place for the number of orders") }
    let found = server.orders
    unsafe count.pointee = found.count
    if found.isEmpty { return .done }
    guard let orders = unsafe orders, capacity >= found.count else {
      return invalid("there is room for \(max(0, capacity)) orders, and there are \(found.count)")
    }
    for (index, one) in found.enumerated() { unsafe orders[index] = order(one) }
    return .done
  }
}

/// `straggler_server_point` of straggler.h.
@_cdecl("straggler_server_point")
public func stragglerServerPoint(
  _ handle: OpaquePointer?, _ index: Int, _ point: UnsafeMutableRawPointer?
) -> Int32 {
  unsafe with(handle) { server in
    if let wrong = unsafe wrong(UnsafeRawPointer(point), "the point", alignment: server.alignment) {
      return wrong
    }
    let orders = server.orders
    guard orders.indices.contains(index), let point = unsafe point else {
      return invalid("there is no order \(index); the last event gave \(orders.count)")
    }
    unsafe server.copyPoint(orders[index], to: point)
    return .done
  }
}

/// `straggler_server_receive` of straggler.h.
@_cdecl("straggler_server_receive")
public func stragglerServerReceive(
  _ handle: OpaquePointer?, _ gradient: UnsafeRawPointer?, _ ticket: UInt64, _ time: Double
) -> Int32 {
  unsafe with(handle) { server in
    if let wrong = unsafe wrong(gradient, "the gradient", alignment: server.alignment) { return wrong }
    guard let gradient = unsafe gradient else { return invalid("the gradient is null") }
    return unsafe server.receive(gradient, ticket, given(time))
  }
}

/// `straggler_server_fail` of straggler.h.
@_cdecl("straggler_server_fail")
public func stragglerServerFail(_ handle: OpaquePointer?, _ ticket: UInt64, _ time: Double) -> Int32 {
  unsafe with(handle) { $0.fail(ticket, given(time)) }
}

/// `straggler_server_complete_step` of straggler.h.
@_cdecl("straggler_server_complete_step")
public func stragglerServerCompleteStep(_ handle: OpaquePointer?, _ ticket: UInt64, _ time: Double) -> Int32 {
  unsafe with(handle) { $0.completeStep(ticket, given(time)) }
}

/// `straggler_server_remove` of straggler.h.
@_cdecl("straggler_server_remove")
public func stragglerServerRemove(_ handle: OpaquePointer?, _ worker: Int, _ time: Double) -> Int32 {
  unsafe with(handle) { $0.remove(worker, given(time)) }
}

/// `straggler_server_replace` of straggler.h.
@_cdecl("straggler_server_replace")
public func stragglerServerReplace(
  _ handle: OpaquePointer?, _ worker: Int, _ result: UnsafeMutablePointer<straggler_order>?,
  _ point: UnsafeMutableRawPointer?
) -> Int32 {
  unsafe with(handle) { server in
    guard let result = unsafe result else { return invalid("there is no place for the order: it is null") }
    if unsafe point != nil,
      let wrong = unsafe wrong(UnsafeRawPointer(point), "the point", alignment: server.alignment)
    {
      return wrong
    }
    let (answer, found) = server.replace(worker)
    guard answer.status == Int32(STRAGGLER_OK) else { return answer }
    guard let found else {
      return Answer(STRAGGLER_MISSING, "there is nothing for worker \(worker) to do yet")
    }
    unsafe result.pointee = order(found)
    if let point = unsafe point { unsafe server.copyPoint(found, to: point) }
    return .done
  }
}

/// `straggler_server_model` of straggler.h.
@_cdecl("straggler_server_model")
public func stragglerServerModel(_ handle: OpaquePointer?, _ model: UnsafeMutableRawPointer?) -> Int32 {
  unsafe with(handle) { server in
    if let wrong = unsafe wrong(UnsafeRawPointer(model), "the model", alignment: server.alignment) {
      return wrong
    }
    if let model = unsafe model { unsafe server.copyModel(to: model) }
    return .done
  }
}

/// `straggler_server_counts` of straggler.h.
@_cdecl("straggler_server_counts")
public func stragglerServerCounts(
  _ handle: OpaquePointer?, _ counts: UnsafeMutablePointer<UnsafePointer<CChar>?>?
) -> Int32 {
  unsafe with(handle) { server in
    guard let counts = unsafe counts else { return invalid("there is no place for the counts: it is null") }
    let text = CText(server.counts.line)
    server.text = text
    unsafe counts.pointee = unsafe text.pointer
    return .done
  }
}

/// `straggler_server_checkpoint` of straggler.h.
@_cdecl("straggler_server_checkpoint")
public func stragglerServerCheckpoint(
  _ handle: OpaquePointer?, _ bytes: UnsafeMutableRawPointer?, _ capacity: Int,
  _ size: UnsafeMutablePointer<Int>?
) -> Int32 {
  unsafe with(handle, takesCheckpoint: true) { server in
    guard let size = unsafe size else { return invalid("there is no place for the size: it is null") }
    let found: [UInt8]
    if let sized = server.sizedCheckpoint {
      found = sized
    } else {
      do throws(SetupError) { found = try server.checkpoint() } catch {
        return Answer(STRAGGLER_FAILED, LabError(error).message)
      }
    }
    // The same state can have more bytes the next time: the size that is told is that of these.
    server.sizedCheckpoint = found
    unsafe size.pointee = found.count
    guard let bytes = unsafe bytes, capacity >= found.count else {
      return invalid("there is room for \(max(0, capacity)) bytes, and the checkpoint has \(found.count)")
    }
    unsafe found.withUnsafeBytes { found in
      if let base = found.baseAddress { unsafe bytes.copyMemory(from: base, byteCount: found.count) }
    }
    server.sizedCheckpoint = nil
    return .done
  }
}

/// `straggler_server_restore` of straggler.h.
@_cdecl("straggler_server_restore")
public func stragglerServerRestore(_ handle: OpaquePointer?, _ bytes: UnsafeRawPointer?, _ size: Int) -> Int32
{
  unsafe with(handle) { server in
    guard let bytes = unsafe bytes, size >= 0 else { return invalid("the checkpoint is null") }
    let buffer = unsafe UnsafeBufferPointer(start: bytes.assumingMemoryBound(to: UInt8.self), count: size)
    return unsafe server.restore(buffer.span)
  }
}
