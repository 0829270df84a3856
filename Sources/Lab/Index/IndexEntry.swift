import Base
import Database

/// What a source holds, on its way into the tables.
struct IndexEntry {
  enum Content {
    case nothing
    case experiment(Experiment)
    case run(StoredRun)
    case scores([ScoreRow])
    case version(name: String, Int, JSON)
    case chat(IndexedChat)
    case model(IndexedModel)
  }

  let source: IndexSource
  let isSettled: Bool
  var content = Content.nothing
  var problem: String?

  init(_ source: IndexSource, isSettled: Bool) {
    self.source = source
    self.isSettled = isSettled
  }

  /// Puts the entry in the place of what was known of its source.
  func write(to connection: borrowing Connection) throws {
    let path = source.path
    try connection.run("DELETE FROM sources WHERE path = ?", path)
    try connection.run(
      "INSERT INTO sources (path, kind, stamp, is_settled, problem) VALUES (?, ?, ?, ?, ?)",
      path, source.kind.rawValue, source.stamp, isSettled, problem)
    switch content {
    case .nothing: break
    case .experiment(let experiment):
      try connection.run(
        "INSERT INTO experiments (path, number, kind, json) VALUES (?, ?, ?, ?)",
        path, experiment.number, experiment.kind.rawValue, experiment.json.text())
    case .run(let run):
      try connection.run("INSERT INTO runs (path, json) VALUES (?, ?)", path, run.json.text())
    case .scores(let rows):
      var statement = try Statement(
        """
        INSERT INTO scores (path, line, model_hash, task, category, json) VALUES (?, ?, ?, ?, ?, ?)
        """, on: connection)
      for (line, row) in rows.enumerated() {
        try statement.run(path, line, row.modelHash, row.task, row.category, row.json.text())
      }
    case .version(let name, let version, let json):
      try connection.run(
        "INSERT INTO versions (path, kind, name, version, json) VALUES (?, ?, ?, ?, ?)",
        path, source.kind.rawValue, name, version, json.text())
    case .chat(let chat):
      try connection.run(
        "INSERT INTO chats (path, id, created, json) VALUES (?, ?, ?, ?)",
        path, chat.id, chat.created, chat.json.text())
    case .model(let model):
      try connection.run(
        "INSERT INTO models (path, name, json) VALUES (?, ?, ?)",
        path, model.name, model.json.text())
    }
  }
}

/// A run as the index keeps it: the summary, and what its state is derived from.
///
/// The state itself is not kept: a process dies without touching a file.
struct StoredRun {
  var summary: RunSummary
  var hasRecord: Bool
  var lastWord: RunEvent?

  init(_ reader: RunReader) {
    summary = RunSummary(reader, state: .created)
    hasRecord = reader.hasRecord
    lastWord = reader.lastWord
  }

  var json: JSON {
    var word = JSON.null
    if let lastWord {
      word = .object([
        ("step", JSON(lastWord.step)), ("kind", JSON(lastWord.kind.rawValue)),
        ("text", JSON(lastWord.text)), ("milliseconds", JSON(lastWord.milliseconds)),
      ])
    }
    return .object([
      ("summary", summary.json), ("has_record", JSON(hasRecord)), ("last_word", word),
    ])
  }

  init?(_ json: JSON) {
    guard let summary = json["summary"].flatMap({ RunSummary($0) }) else { return nil }
    self.summary = summary
    hasRecord = json["has_record"]?.bool ?? false
    if let word = json["last_word"], let kind = word["kind"]?.string {
      lastWord = RunEvent(
        step: word["step"]?.int ?? 0, kind: EventKind(rawValue: kind),
        text: word["text"]?.string ?? "", milliseconds: word["milliseconds"]?.int ?? 0)
    }
  }
}
