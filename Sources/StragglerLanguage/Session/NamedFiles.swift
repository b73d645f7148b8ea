// SPDX-License-Identifier: Apache-2.0

internal import StragglerData
internal import StragglerLab

// The files that a configuration names, by their contents: results depend on these, and not on the names.

extension Workspace {
  /// What the files held that `configuration` names, in order, each once. A file that has not changed since
  /// is not read again.
  func contents(of configuration: Configuration) -> [FileContent] {
    var found: [FileContent] = []
    for path in configuration.namedFiles where !found.contains(where: { $0.path == path }) {
      guard let stamp = FileStamp(of: path) else { continue }
      if let known = contents[path], known.stamp == stamp {
        found.append(known.content)
      } else if let content = FileContent(of: path) {
        contents[path] = (stamp, content)
        found.append(content)
      }
    }
    return found
  }

  /// The same as comments, for what tells where results come from.
  func notes(on configuration: Configuration) -> [String] {
    contents(of: configuration).map { "# \($0.path.quoted): \($0.size) bytes, content \($0.hash)" }
  }

  var fileNotes: [String] { notes(on: configuration) }
}

extension Configuration {
  fileprivate var namedFiles: [String] {
    let commands =
      ([problem] + fleet + [topology]).compactMap(\.self) + methods.sorted { $0.key < $1.key }.map(\.value)
    return commands.flatMap { $0.arguments.namedFiles + $0.arguments.filesHere }
  }
}

extension BoundArguments {
  fileprivate var namedFiles: [String] {
    positional.flatMap { $0.value.value.namedFiles } + keyed.flatMap { $0.value.value.namedFiles }
  }
}

extension BoundArguments {
  /// The images of the current folder, where data= names them and no folder is given.
  fileprivate var filesHere: [String] {
    func word(_ key: String) -> String? { keyed.first { $0.name == key }?.value.value.word }
    guard let data = word("data"), DataLibrary.folders.contains(data), word("folder") == nil
    else { return [] }
    return ArgumentValue.files(at: ".")
  }
}

extension ArgumentValue {
  /// The plain files among what it names; of a folder those that hold images.
  fileprivate var namedFiles: [String] {
    switch self {
    case .text(let path): Self.files(at: path)
    case .perWorker(let expression): expression.columns.flatMap(Self.files(of:))
    case .distribution(let distribution): Self.files(of: distribution)
    case .schedule(.trace(let file, _, _)): Self.files(at: file)
    case .schedule(.constant(let expression)): expression.columns.flatMap(Self.files(of:))
    case .schedule(.form(_, let arguments)): arguments.flatMap(\.columns).flatMap(Self.files(of:))
    case .setting(let setting): setting.arguments?.namedFiles ?? []
    case .number, .word, .call, .stepsize, .list, .numbers, .names, .workers: []
    }
  }

  fileprivate static func files(at path: String) -> [String] {
    switch StragglerData.Files.kind(path) {
    case .file: return [path] + (SampleFile.targets(beside: path).map { [$0] } ?? [])
    case .folder:
      let names = StragglerData.Files.names(in: path).sorted().filter { name in
        name.contains("ubyte") || name.hasSuffix(".bin") || name.hasSuffix(".bin.gz")
      }
      return names.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    case .missing, .other: return []
    }
  }

  private static func files(of column: any WorkerColumn) -> [String] {
    switch column {
    case let column as FileColumn: files(at: column.file)
    case let drawn as DrawnColumn: files(of: drawn.law)
    default: []
    }
  }

  private static func files(of distribution: BoundDistribution) -> [String] {
    switch distribution {
    case .trace(let trace): files(at: trace.file)
    case .law(_, let parameters): parameters.flatMap(\.columns).flatMap(files(of:))
    case .mixture(let probability, let first, let second):
      probability.columns.flatMap(files(of:)) + files(of: first) + files(of: second)
    }
  }
}
