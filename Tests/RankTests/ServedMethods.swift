// SPDX-License-Identifier: Apache-2.0

import StragglerLab
import StragglerLanguage

/// Every method of the library with keys that make it run in a server.
enum ServedMethods {
  private static let keys: [String: [String]] = [
    "mindflayer": ["trials=3 clip=60"], "vecna": ["trials=2 clip=60"], "mindflayer-mod": ["batch=4 clip=60"],
    "ata": ["batch=6"], "rennala": ["batch=4", "batch=3 stops=true", "batch=3 local=2"],
    "ringmaster": ["R=3", "R=2 stops=true", "R=3 local=3"],
    "local-sgd": ["budget=8", "local=3"], "async-local": ["local=2 R=6"], "async-batch": ["batch=2 R=6"],
    "cycle": ["group=1"], "aced": ["limit=6"], "fedasync": ["staleness=hinge(1,2)"],
    "rescaled": ["times=measured"], "malenia": ["batch=7"], "rennala-accelerated": ["batch=3"],
    "asgrad": ["order=pure waiting=1"], "asgd": ["", "step=adam"], "fedbuff": ["waiting=3"],
    "asgd-naive": ["m=1"], "msync": ["m=1"],
  ]

  /// Those that a server of one worker or more takes, as texts.
  static let texts: [String] = Catalogue().methods.filter { !$0.needsNetwork }.map(\.name)
    .flatMap { name in (keys[name] ?? [""]).map { "\(name) gamma=0.05 \($0)" } }
    .filter { text in
      let origin = [0.0, 0, 0]
      return (try? AnyServer(text, model: origin.span, workers: 1)) != nil
    }
}

/// Gradients of ½‖x − c‖² with noise that depends on the sample, so that no two are the same.
enum Paraboloid {
  static let origin = [4.0, -3, 2]

  static func add(worker: Int, job: Int, at x: Span<Double>, to g: inout MutableSpan<Double>) {
    for index in x.indices {
      let hash =
        UInt64(job &* 8 &+ index) &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(worker) &* 0xD1B5_4A32_D192_ED03
      g[index] += x[index] - Double(index + 1) + Double((hash ^ hash >> 29) >> 40) * 0x1p-24 - 0.5
    }
  }
}
