// SPDX-License-Identifier: Apache-2.0

import CStraggler

// What the functions of straggler.h share: how a call ends, and arguments of C as values.

/// Ends a call about `handle`: keeps the sentence and gives the status.
func end(_ answer: Answer, about handle: UnsafeRawPointer?) -> Int32 {
  var sentence = answer.sentence
  sentence.withUTF8 { bytes in
    unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
      unsafe sc_set_message(handle, characters.baseAddress, characters.count)
    }
  }
  return answer.status
}

func invalid(_ sentence: String) -> Answer { Answer(STRAGGLER_INVALID, sentence) }

/// A text of the caller: its bytes, and as a string, nil where they are no UTF-8.
func bytes(of text: UnsafePointer<CChar>) -> [UInt8] {
  var bytes: [UInt8] = []
  var next = unsafe text
  while unsafe next.pointee != 0 {
    unsafe bytes.append(UInt8(bitPattern: next.pointee))
    unsafe next += 1
  }
  return bytes
}

/// The address of a handle, to compare it.
func address(_ handle: OpaquePointer?) -> UnsafeRawPointer? { unsafe UnsafeRawPointer(handle) }
