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
    let bytes = try Files.read(index, limit: EvaluationTask.fileLimit)
    var root = try Fields(parsing: bytes, file: index.string)
    let name = try root.nonEmptyString("name", default: index.parent.name)
    let version = try root.string("version", default: "")
    let level = try root.choice("level", default: ReleaseLevel.L2)
    // Said for people.
    for key in ["licence", "license", "description"] { _ = root.json(key) }
    let entries = try root.each("tasks") { fields throws(Failure) in
      let entry = IndexEntry(
        file: try fields.fileName("file"), name: try fields.optionalString("dataset"),
        filing: EvaluationTask.Filing(
          category: try fields.optionalChoice("category"), version: version,
          level: try fields.choice("level", default: level),
          representative: try fields.optionalString("metric"),
          labels: try fields.optionalStrings("labels")))
      _ = fields.json("description")
      try fields.finish()
      return entry
    }
    try root.finish()
    guard !entries.isEmpty else {
      throw root.wrong("tasks", "is empty", remedy: "Name the files of the tasks there.")
    }
    var tasks: [EvaluationTask] = []
    for (number, entry) in entries.enumerated() {
      let task = try EvaluationTask(
        file: index.parent / entry.file, name: entry.name, filing: entry.filing)
      guard !tasks.contains(where: { $0.name == task.name }) else {
        throw root.wrong(
          "tasks[\(number)]", "names the task \(task.name) again", remedy: "Give each its own name."
        )
      }
      tasks.append(task)
    }
    self.init(name: name, version: version, tasks: tasks)
  }

  /// What an index says of a task.
  private struct IndexEntry {
    let file: String
    let name: String?
    let filing: EvaluationTask.Filing
  }
}
