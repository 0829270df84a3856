public import Base
public import Evaluation
public import Lab

/// A set of evaluation tasks, found by what a user calls it.
public struct Suite: Sendable {
  /// The folder of its files.
  public let folder: Path
  public let tasks: TaskSet

  /// Finds a suite: a folder, a folder of the workspace's `suites/`, or `sample`, the one that comes with the
  /// program and that no name stands for.
  ///
  /// - Throws: `Failure` if there is none, or its files cannot be read.
  public init(_ name: String?, in workspace: Workspace?) throws {
    folder = try Self.find(name, in: workspace)
    tasks = try TaskSet(folder: folder)
  }

  private static func find(_ name: String?, in workspace: Workspace?) throws -> Path {
    let name = name ?? "sample"
    if Files.isDirectory(Path(name)) { return Path(name) }
    if let stored = workspace.map({ $0.root / "suites" / name }), Files.isDirectory(stored) {
      return stored
    }
    guard name == "sample" else {
      throw Failure(
        "there is no suite '\(Sanitiser.visible(name))'",
        remedy: "Name a folder of llm-jp-eval's .json files, one in suites/, or 'sample'.")
    }
    return try Resources.folder("sample-data") / "tasks"
  }
}
