// swift-tools-version: 6.2
import PackageDescription

// What a package of yours looks like that links Straggler; there, give its address in place of the path.
let straggler: Target.Dependency = .product(name: "Straggler", package: "Straggler")
let shell: Target.Dependency = .product(name: "StragglerShell", package: "Straggler")

let package = Package(
  name: "Examples",
  dependencies: [.package(name: "Straggler", path: "../..")],
  targets: [
    .executableTarget(name: "Simulate", dependencies: [straggler]),
    .executableTarget(name: "OwnMethod", dependencies: [straggler]),
    .executableTarget(name: "RealWorkers", dependencies: [straggler]),
    .executableTarget(name: "Threads", dependencies: [straggler]),
    .executableTarget(name: "Processes", dependencies: [straggler]),
    .executableTarget(name: "OwnShell", dependencies: [straggler, shell]),
  ]
)
