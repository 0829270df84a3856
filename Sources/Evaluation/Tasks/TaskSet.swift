public import Base

/// The tasks of an evaluation, read from a folder.
public struct TaskSet: Equatable, Sendable {
  /// The name of the set.
  public let name: String
  public let version: String
  /// The tasks, in the order of the index, else of their names.
  public let tasks: [EvaluationTask]

  public init(name: String, version: String, tasks: [EvaluationTask]) {
    self.name = name
    self.version = version
    self.tasks = tasks
  }

  /// Reads a folder of dataset files.
  ///
  /// The folder has an `index.json`, or it is what llm-jp-eval's preprocessing writes (`train/`,
  /// `dev/`, `test/`; shots come from train), or it is plain: each `.json` a task, filed by
  /// llm-jp-eval's own tables. The index is
  /// `{"name", "version", "level", "tasks": [{"file", "dataset", "category", "labels", "metric",
  /// "level"}]}`, of which only `tasks` and each one's `file` must be there.
  ///
  /// - Parameter split: the split that is evaluated, of a folder that has splits.
  /// - Throws: `Failure` naming file and field.
  public init(folder: Path, split: String = "dev") throws {
    let index = folder / "index.json"
    if Files.exists(index) {
      try self.init(index: index)
    } else if Files.isDirectory(folder / split) {
      let train = folder / "train"
      try self.init(files: folder / split, name: "\(folder.name)/\(split)") { file in
        let shots = train / file
        return Files.exists(shots) ? try EvaluationTask.shots(file: shots) : []
      }
    } else {
      try self.init(files: folder, name: folder.name) { _ in [] }
    }
  }

  /// The tasks called `names`, in that order; all of them if there are none.
  ///
  /// A category's abbreviation stands for its tasks.
  /// - Throws: `Failure` for a name that no task has, with the nearest one.
  public func selecting(_ names: [String]) throws(Failure) -> [EvaluationTask] {
    guard !names.isEmpty else { return tasks }
    var chosen: [EvaluationTask] = []
    for name in names {
      let found = tasks.filter { $0.name == name || $0.category?.rawValue == name }
      guard !found.isEmpty else {
        let close = nearest(to: name, among: tasks.map(\.name))
        throw Failure(
          "no task \"\(name)\" in the set \(self.name)",
          remedy: close.map { "Did you mean \($0)?" } ?? "Take one that `kaji eval list` shows.")
      }
      for task in found where !chosen.contains(where: { $0.name == task.name }) {
        chosen.append(task)
      }
    }
    return chosen
  }

  /// Reads each `.json` of a folder, in the order of the names.
  private init(files: Path, name: String, shots: (String) throws -> [Example]) throws {
    let names = try Files.list(files).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
    guard !names.isEmpty else {
      throw Failure(
        "\(files): no task files", remedy: "Give a folder of llm-jp-eval's .json files.")
    }
    let tasks = try names.map { file in
      try EvaluationTask(
        file: files / file, filing: .init(version: "1.3", shots: try shots(file)))
    }
    self.init(name: name, version: "1.3", tasks: tasks)
  }

  private init(index: Path) throws {
    let root = try FieldReader.parse(
      try Files.read(index, limit: EvaluationTask.fileLimit), file: index.string)
    try root.allowOnly(["name", "version", "level", "tasks", "licence", "license", "description"])
    let name = try root.optional("name")?.string(allowEmpty: false) ?? index.parent.name
    let version = try root.optional("version")?.string() ?? ""
    let level = try root.optional("level")?.level()
    var tasks: [EvaluationTask] = []
    for entry in try root.member("tasks").elements(allowEmpty: false) {
      try entry.allowOnly([
        "file", "dataset", "category", "labels", "metric", "level", "description",
      ])
      let file = try entry.member("file").fileName()
      let path = index.parent / file
      let filing = EvaluationTask.Filing(
        category: try entry.optional("category")?.category(), version: version,
        level: try entry.optional("level")?.level() ?? level ?? .L2,
        representative: try entry.optional("metric")?.string(),
        labels: try entry.optional("labels")?.strings())
      let task = try EvaluationTask(
        file: path, name: try entry.optional("dataset")?.string(allowEmpty: false), filing: filing)
      guard !tasks.contains(where: { $0.name == task.name }) else {
        throw entry.failure("names the task \(task.name) again", remedy: "Give each its own name.")
      }
      tasks.append(task)
    }
    self.init(name: name, version: version, tasks: tasks)
  }
}
