// SPDX-License-Identifier: Apache-2.0

/// A value on the heap that closures share.
@usableFromInline
final class Shared<Value: ~Copyable> {
  @usableFromInline var value: Value

  @inlinable
  init(_ value: consuming Value) { self.value = value }
}
