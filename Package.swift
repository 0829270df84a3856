// swift-tools-version: 6.2
import Glibc
import PackageDescription

/// What every Swift target is compiled with, said once.
///
/// Warnings stay warnings here, so that a later compiler's new ones stop nobody's build: `scripts/check` makes
/// them errors.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

extension Target {
  /// A C library of Debian, linked by the name its module map gives.
  static func debian(_ name: String, package: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", providers: [.apt([package])])
  }

  /// A Swift module of Kaji. All may import `Base`.
  static func module(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .target(
      name: name,
      dependencies: name == "Base" ? dependencies : dependencies + ["Base"],
      swiftSettings: strict,
      linkerSettings: [.linkedLibrary("m")])
  }

  /// The tests of the module that `name` begins with.
  static func tests(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
    .testTarget(
      name: name, dependencies: dependencies + ["Base", "TestSupport"],
      exclude: goldens(of: name), swiftSettings: strict)
  }

  /// The folder of goldens of a test target, if it has one: no source, found by its path at run time.
  static func goldens(of name: String) -> [String] {
    access("\(Context.packageDirectory)/Tests/\(name)/Goldens", F_OK) == 0 ? ["Goldens"] : []
  }
}

/// The commit that is built, as `scripts/setup` tells it.
///
/// Not `Context.gitInformation`: a manifest is cached, and would tell the commit of the first build for ever. Only
/// `CBuild` is given it, so that a new commit compiles that and `Base` anew, and nothing else.
let commit = Context.environment["KAJI_COMMIT"] ?? "unknown"

let package = Package(
  name: "kaji",
  products: [.executable(name: "kaji", targets: ["kaji"])],
  targets: [
    .debian("CNcurses", package: "libncurses-dev"),
    .debian("CSQLite", package: "libsqlite3-dev"),
    .debian("CZlib", package: "zlib1g-dev"),
    .debian("CZstd", package: "libzstd-dev"),
    .debian("CBZip2", package: "libbz2-dev"),
    .debian("CYaml", package: "libyaml-dev"),
    .debian("CXml2", package: "libxml2-dev"),
    .debian("CUtf8proc", package: "libutf8proc-dev"),
    .target(name: "CKernels"),
    .target(name: "CClosures"),
    .target(name: "CBuild", cSettings: [.define("KAJI_COMMIT", to: "\"\(commit)\"")]),

    .module("Base", uses: ["CBuild", "CClosures", "CUtf8proc"]),
    .module("Database", uses: ["CSQLite"]),
    .module("Formats", uses: ["CZlib", "CZstd", "CBZip2", "CYaml", "CXml2"]),
    .module("Tokenizers", uses: ["Formats"]),
    .module("NGram"),
    .module("Corpus", uses: ["Tokenizers", "Formats", "Database"]),
    .module("Tensors", uses: ["CKernels"]),
    .module("Models", uses: ["Tensors", "Formats"]),
    .module("Generation", uses: ["Models", "Tensors", "Tokenizers", "Formats"]),
    .module("Training", uses: ["Models", "Tensors", "Formats"]),
    .module("Tuning", uses: ["Training", "Models", "Tokenizers"]),
    .module("Evaluation", uses: ["Generation", "Tokenizers"]),
    .module("Lab", uses: ["Database", "Formats"]),
    .module("Terminal", uses: ["CNcurses", "CUtf8proc"]),
    .module(
      "Workflows",
      uses: [
        "Lab", "Evaluation", "Tuning", "Training", "Generation", "Models", "Tensors", "Corpus",
        "NGram", "Tokenizers", "Formats", "Database",
      ]),
    .module(
      "Workbench",
      uses: [
        "Terminal", "Workflows", "Lab", "Generation", "Models", "Corpus", "Tokenizers", "Formats",
      ]),
    .executableTarget(
      name: "kaji",
      dependencies: [
        "Workbench", "Workflows", "Terminal", "Lab", "Evaluation", "Tuning", "Training",
        "Generation", "Models", "Tensors", "Corpus", "Tokenizers", "Formats", "Base",
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Base"], path: "Tests/TestSupport", swiftSettings: strict),
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .tests("BaseTests", uses: []),
    .tests("DatabaseTests", uses: ["Database"]),
    .tests("FormatsTests", uses: ["Formats"]),
    .tests("TokenizersTests", uses: ["Tokenizers", "Formats"]),
    .tests("NGramTests", uses: ["NGram"]),
    .tests("CorpusTests", uses: ["Corpus", "Tokenizers", "Formats"]),
    .tests("TensorsTests", uses: ["Tensors"]),
    .tests("ModelsTests", uses: ["AllocationCount", "Models", "Tensors"]),
    .tests("GenerationTests", uses: ["Generation", "Models", "Tensors", "Tokenizers"]),
    .tests("TrainingTests", uses: ["Training", "Models", "Tensors", "Formats"]),
    .tests("TuningTests", uses: ["Tuning", "Training", "Models", "Tensors", "Tokenizers"]),
    .tests(
      "EvaluationTests", uses: ["Evaluation", "Generation", "Tokenizers", "Formats"]),
    .tests("LabTests", uses: ["Lab", "Database", "Formats"]),
    .tests("TerminalTests", uses: ["Terminal"]),
    .tests(
      "WorkflowsTests",
      uses: [
        "Workflows", "Lab", "Corpus", "Training", "Tuning", "Generation", "Models", "Tensors",
        "Tokenizers", "Formats",
      ]),
    .tests(
      "WorkbenchTests",
      uses: ["Workbench", "Terminal", "Workflows", "Lab", "Corpus", "Generation"]),
    .tests(
      "EndToEndTests",
      uses: ["kaji", "Formats", "Lab", "Corpus", "Tokenizers"]),
    .tests("SampleDataTests", uses: []),
  ]
)
