// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A failed system call: its `errno`.
struct SystemError: Error {
  let code: Int32

  static var last: SystemError { SystemError(code: errno) }

  /// The system's message for it.
  var words: String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

/// What is at a path or behind a descriptor.
struct FileStatus {
  enum Kind { case file, folder, other }

  let kind: Kind
  let size: Int
  let permissions: UInt32
  /// When it was written last, in nanoseconds.
  let modified: Int

  fileprivate init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    default: kind = .other
    }
    size = max(0, Int(status.st_size))
    permissions = UInt32(status.st_mode & 0o777)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    modified = Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }

  /// The status of what `path` names, symbolic links followed.
  static func of(_ path: String) throws(SystemError) -> FileStatus {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last }
    return FileStatus(status)
  }

  /// Whether `path` itself is a symbolic link.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}

/// An open file, closed when it is released.
struct Descriptor: ~Copyable {
  enum Purpose {
    case reading
    /// An existing device, pipe or socket.
    case writing
    /// A file that must not exist yet.
    case creating
    /// A file that is emptied first, or made.
    case replacing
    /// A file that is continued, or made.
    case appending
    /// An existing plain file, to be locked and no more.
    case locking
  }

  private let number: Int32

  /// Opens `path`. New files get the permissions that the process's umask leaves of rw-rw-rw-.
  init(opening path: String, for purpose: Purpose) throws(SystemError) {
    let flags =
      switch purpose {
      case .reading: O_RDONLY
      case .writing: O_WRONLY
      case .creating: O_WRONLY | O_CREAT | O_EXCL
      case .replacing: O_WRONLY | O_CREAT | O_TRUNC
      case .appending: O_WRONLY | O_CREAT | O_APPEND
      // Neither a link to elsewhere nor a pipe that waits for its other end.
      case .locking: O_RDONLY | O_NOFOLLOW | O_NONBLOCK
      }
    number = unsafe open(path, flags | O_CLOEXEC | O_NOCTTY, 0o666)
    guard number >= 0 else { throw .last }
  }

  /// A second owner of a descriptor that the process has open already, with the same position in the file.
  init(sharing other: Int32) throws(SystemError) {
    number = fcntl(other, F_DUPFD_CLOEXEC, 0)
    guard number >= 0 else { throw .last }
  }

  deinit {
    if number >= 0 { _ = close(number) }
  }

  func status() throws(SystemError) -> FileStatus {
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw .last }
    return FileStatus(status)
  }

  /// Up to `count` further bytes; none at the end of the file.
  func read(atMost count: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < buffer.count {
        guard let base = buffer.baseAddress else { return }
        // Linux moves at most 2 GiB a call.
        let got = unsafe systemRead(number, base + filled, min(buffer.count - filled, 1 << 30))
        if got < 0 { failure = .last }
        if got <= 0 { return }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes all of `bytes`.
  func write(_ bytes: [UInt8]) throws(SystemError) {
    var failure: SystemError?
    unsafe bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        guard let base = buffer.baseAddress else { return }
        let written = unsafe systemWrite(number, base + done, min(buffer.count - done, 1 << 30))
        if written < 0 {
          failure = .last
          return
        }
        done += written
      }
    }
    if let failure { throw failure }
  }

  /// Locks the file for this process until the descriptor is closed; false where another has it locked, or
  /// the file system has no locks.
  @discardableResult
  func lock(waits: Bool) -> Bool {
    while flock(number, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      guard errno == EINTR else { return false }
    }
    return true
  }

  /// Locks the whole file as `lock` does, and lets other processes learn whose lock it is; throws with the
  /// process that has it, or 0 where that is not known.
  func claim() throws(Holder) {
    guard flock(number, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      var there = flock()
      there.l_type = Int16(F_WRLCK)
      let isKnown = unsafe fcntl(number, F_GETLK, &there) == 0 && there.l_type != Int16(F_UNLCK)
      throw Holder(process: isKnown ? Int(there.l_pid) : 0)
    }
  }

  /// Lets other processes learn whose lock it is. Closing any other descriptor of the file ends that, but not
  /// the lock.
  func sign() {
    var own = flock()
    own.l_type = Int16(F_WRLCK)
    _ = unsafe fcntl(number, F_SETLK, &own)
  }

  /// The process that has a file locked.
  struct Holder: Error { let process: Int }

  /// Whether the open file is the one that is at `path` now.
  func isAt(_ path: String) throws(SystemError) -> Bool {
    var (own, there) = (stat(), stat())
    guard unsafe fstat(number, &own) == 0 else { throw .last }
    guard unsafe lstat(path, &there) == 0 else {
      let error = SystemError.last
      if error.isMissing { return false }
      throw error
    }
    return own.st_dev == there.st_dev && own.st_ino == there.st_ino
  }

  /// Gives the file these permissions.
  func set(permissions: UInt32) throws(SystemError) {
    guard fchmod(number, mode_t(permissions)) == 0 else { throw .last }
  }

  /// Waits until the bytes are on the disk; file systems that do not support this are assumed to have written
  /// them.
  func synchronize() throws(SystemError) {
    guard fsync(number) != 0 else { return }
    let error = SystemError.last
    if error.code != EINVAL && error.code != ENOTSUP { throw error }
  }
}

private func systemRead(_ number: Int32, _ base: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
  unsafe read(number, base, count)
}

private func systemWrite(_ number: Int32, _ base: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(number, base, count)
}

/// Calls on paths.
enum POSIX {
  static var processIdentifier: Int32 { getpid() }

  static func rename(_ old: String, to new: String) throws(SystemError) {
    guard systemRename(old, new) == 0 else { throw .last }
  }

  static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// What is in a folder; nothing where it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe UnsafeRawPointer(pointer).withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      names.append(name)
    }
    return names
  }

  /// Whether this process may write to what is at `path`.
  static func checkWritable(_ path: String) throws(SystemError) {
    guard unsafe access(path, W_OK) == 0 else { throw .last }
  }

  /// The path without symbolic links.
  static func resolved(_ path: String) throws(SystemError) -> String {
    guard let text = unsafe realpath(path, nil) else { throw .last }
    defer { unsafe free(text) }
    return unsafe String(cString: text)
  }
}

private func systemRename(_ old: String, _ new: String) -> Int32 { unsafe rename(old, new) }

extension SystemError {
  /// What the user can do about it.
  var remedy: String {
    switch code {
    case ENOENT: "check the path"
    case ENOTDIR: "a part of the path is a file, not a folder"
    case EFBIG: "allow larger files (ulimit -f), or choose a folder on a disk that takes them"
    case EACCES, EPERM: "check the permissions of the file and its folder"
    case ENOSPC, EDQUOT: "make room on the disk"
    case EPIPE: "the program that read it has gone"
    case EROFS: "choose a folder on a disk that can be written"
    case ENAMETOOLONG: "choose a shorter name"
    case EISDIR: "name a file, not a folder"
    case EMFILE, ENFILE: "close other files first"
    default: ""
    }
  }

  var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  var isTaken: Bool { code == EEXIST }
  static var taken: SystemError { SystemError(code: EEXIST) }
}
