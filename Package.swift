// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Debug builds look at the rules of a run's bookkeeping while it runs.
let invariants = SwiftSetting.define("STRAGGLER_INVARIANTS", .when(configuration: .debug))

/// Tests poke at raw memory, pseudo-terminals and malloc: they do without the strict memory safety.
let swiftTests: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

/// Which MPI the trait MPI builds with: Open MPI, or with STRAGGLER_MPI=mpich MPICH.
let isMPICH = Context.environment["STRAGGLER_MPI"] == "mpich"

let package = Package(
  name: "Straggler",
  products: [
    .library(name: "Straggler", targets: ["Straggler", "StragglerCore", "StragglerData", "StragglerLab"]),
    .library(name: "StragglerMPI", targets: ["StragglerMPI"]),
    .library(name: "StragglerShell", targets: ["StragglerShell"]),
    .library(name: "StragglerC", type: .dynamic, targets: ["StragglerC"]),
    .executable(name: "straggler", targets: ["StragglerCommand"]),
    .executable(name: "straggler-bench", targets: ["StragglerBench"]),
  ],
  traits: [
    .trait(
      name: "LineEditing",
      description: "The prompt edits lines, keeps history and completes names with libedit."),
    .trait(
      name: "MPI",
      description: "Runs, sweeps and comparisons over the ranks of an MPI job, with Open MPI or MPICH."),
    .default(enabledTraits: ["LineEditing"]),
  ],
  targets: [
    // Floor 1
    .target(name: "CKernels", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CMachine", cSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CStraggler", cSettings: [.treatAllWarnings(as: .error)]),
    .systemLibrary(
      name: "CLibEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"]), .yum(["libedit-devel"])]),
    .systemLibrary(
      name: "CMPI", pkgConfig: isMPICH ? "mpich" : "ompi-c",
      providers: [
        .apt([isMPICH ? "libmpich-dev" : "libopenmpi-dev"]),
        .yum([isMPICH ? "mpich-devel" : "openmpi-devel"]),
      ]),
    // Floor 2
    .target(name: "StragglerCore", dependencies: ["CKernels"], swiftSettings: swift + [invariants]),
    // Floor 3
    .target(name: "StragglerData", dependencies: ["StragglerCore"], swiftSettings: swift),
    // Floor 4
    .target(name: "StragglerLab", dependencies: ["StragglerCore", "StragglerData"], swiftSettings: swift),
    .target(
      name: "StragglerRuntime", dependencies: ["StragglerCore", "StragglerData"],
      swiftSettings: swift + [.enableExperimentalFeature("Lifetimes")]),
    // Empty without the trait.
    .target(
      name: "StragglerMPI",
      dependencies: [
        "StragglerCore", "StragglerRuntime", .target(name: "CMPI", condition: .when(traits: ["MPI"])),
      ],
      swiftSettings: swift + [.enableExperimentalFeature("Lifetimes")]),
    .target(
      name: "Straggler",
      dependencies: [
        "StragglerCore", "StragglerData", "StragglerLab", "StragglerLanguage", "StragglerRuntime",
      ],
      swiftSettings: swift),
    // Floor 5
    .target(
      name: "StragglerLanguage",
      dependencies: ["StragglerCore", "StragglerData", "StragglerLab", "StragglerRuntime"],
      swiftSettings: swift),
    // Floor 6
    .target(
      name: "StragglerShell",
      dependencies: [
        "StragglerCore", "StragglerData", "StragglerLab", "StragglerLanguage", "StragglerMPI",
        .target(name: "CLibEdit", condition: .when(traits: ["LineEditing"])),
      ],
      swiftSettings: swift),
    .target(
      name: "StragglerC",
      dependencies: [
        "CStraggler", "StragglerCore", "StragglerLab", "StragglerLanguage", "StragglerRuntime",
      ],
      swiftSettings: swift),
    // Floor 7
    .executableTarget(
      name: "StragglerCommand", dependencies: ["StragglerShell"], swiftSettings: swift),
    .executableTarget(
      name: "StragglerBench",
      dependencies: ["CMachine", "StragglerCore", "StragglerData", "StragglerLab", "StragglerRuntime"],
      swiftSettings: swift),
    // Checks of the floor 4 over several ranks, which scripts/try-mpi runs.
    .executableTarget(
      name: "RankTests",
      dependencies: [
        "StragglerCore", "StragglerLab", "StragglerLanguage", "StragglerRuntime", "StragglerMPI",
      ],
      path: "Tests/RankTests", swiftSettings: swift),

    .testTarget(
      name: "StragglerCoreTests", dependencies: ["StragglerCore", "CKernels"],
      swiftSettings: swiftTests + [invariants]),
    .testTarget(
      name: "StragglerDataTests", dependencies: ["StragglerData", "CProcess"], swiftSettings: swiftTests),
    .testTarget(
      name: "StragglerLabTests", dependencies: ["StragglerLab", "StragglerLanguage", "StragglerRuntime"],
      swiftSettings: swiftTests),
    .testTarget(
      name: "StragglerTests", dependencies: ["Straggler", "StragglerCore"], swiftSettings: swiftTests),
    .testTarget(
      name: "StragglerRuntimeTests",
      dependencies: [
        "CThreadSanitizer", "StragglerData", "StragglerLab", "StragglerLanguage", "StragglerRuntime",
      ],
      swiftSettings: swiftTests),
    .testTarget(
      name: "StragglerLanguageTests",
      dependencies: ["StragglerData", "StragglerLab", "StragglerLanguage", "StragglerRuntime"],
      swiftSettings: swiftTests),
    .testTarget(
      name: "StragglerShellTests",
      dependencies: [
        "StragglerCommand", "StragglerCore", "StragglerLab", "StragglerLanguage", "StragglerShell",
        "CProcess",
      ],
      exclude: ["Transcripts"], swiftSettings: swiftTests),
    .testTarget(
      name: "StragglerBenchTests", dependencies: ["StragglerBench", "StragglerCore", "StragglerLab"],
      swiftSettings: swiftTests),
    .testTarget(
      name: "StragglerAllocationTests", dependencies: ["CAllocationCounter", "StragglerCore"],
      swiftSettings: swiftTests),
    .target(name: "CProcess", path: "Tests/Support/CProcess"),
    .target(name: "CAllocationCounter", path: "Tests/Support/CAllocationCounter"),
    .target(name: "CThreadSanitizer", path: "Tests/Support/CThreadSanitizer"),
  ]
)
