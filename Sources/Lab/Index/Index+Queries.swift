public import Base
import Database
import Synchronization

/// An experiment with what has become of it.
public struct IndexedExperiment: Equatable, Sendable {
  public let experiment: Experiment
  public let state: RunState
}

/// A run of an experiment.
public struct IndexedRun: Equatable, Sendable {
  public let experiment: Experiment
  public let summary: RunSummary
}

/// One version of a corpus or tokenizer.
public struct IndexedVersion: Equatable, Sendable {
  public let name: String
  public let version: Int
  public let isLatest: Bool
  public let folder: Path
  /// The content of its `corpus.yaml` or `tokenizer.yaml`.
  public let settings: JSON
}

extension Index {
  /// All experiments by number, with their states as they are now.
  public func experiments() throws -> [IndexedExperiment] {
    let runs = try storedRuns()
    return try readExperiments().map { experiment in
      IndexedExperiment(experiment: experiment, state: state(of: experiment, runs))
    }
  }

  /// All experiments that have the record of a run, by number.
  public func runs() throws -> [IndexedRun] {
    let runs = try storedRuns()
    return try readExperiments().compactMap { experiment in
      guard let run = runs[workspace.relative(experiment.folder.run)], run.hasRecord else {
        return nil
      }
      var summary = run.summary
      summary.state = state(of: experiment, runs)
      return IndexedRun(experiment: experiment, summary: summary)
    }
  }

  /// All results, in the order of experiments, files and lines.
  public func scores() throws -> [ScoreRow] {
    try ask("SELECT json FROM scores ORDER BY path, line") { ScoreRow($0) }
  }

  /// The corpora's versions, by name and version.
  public func corpora() throws -> [IndexedVersion] {
    try versions(.corpus, workspace.corpusVersions)
  }

  /// The tokenizers' versions, by name and version.
  public func tokenizers() throws -> [IndexedVersion] {
    try versions(.tokenizer, workspace.tokenizerVersions)
  }

  /// The conversations, newest first.
  public func chats() throws -> [IndexedChat] {
    try ask("SELECT json FROM chats ORDER BY created DESC, id DESC") { IndexedChat($0) }
  }

  /// The models from elsewhere, by name.
  public func models() throws -> [IndexedModel] {
    try ask("SELECT json FROM models ORDER BY name") { IndexedModel($0) }
  }

  /// What could not be read, one line a source.
  public func problems() throws -> [String] {
    try state.withLock { state in
      try state.connection.rows(
        "SELECT problem FROM sources WHERE problem IS NOT NULL ORDER BY path"
      ) { $0.text(0) }
    }
  }

  private func state(of experiment: Experiment, _ runs: [String: StoredRun]) -> RunState {
    let run = runs[workspace.relative(experiment.folder.run)]
    return .of(
      experiment.folder, declared: experiment.state, hasRecord: run?.hasRecord ?? false,
      lastWord: run?.lastWord)
  }

  private func readExperiments() throws -> [Experiment] {
    try state.withLock { state in
      try state.connection.rows("SELECT path, json FROM experiments ORDER BY number, path") { row in
        try Experiment(
          JSON.parse(row.text(1)), in: ExperimentFolder((workspace.root / row.text(0)).parent))
      }
    }
  }

  private func storedRuns() throws -> [String: StoredRun] {
    let rows = try state.withLock { state in
      try state.connection.rows("SELECT path, json FROM runs") { row in
        (row.text(0), StoredRun(try JSON.parse(row.text(1))))
      }
    }
    return rows.reduce(into: [:]) { runs, row in runs[row.0] = row.1 }
  }

  private func versions(_ kind: IndexSource.Kind, _ store: VersionStore) throws -> [IndexedVersion]
  {
    let rows = try state.withLock { state in
      try state.connection.rows(
        "SELECT name, version, json FROM versions WHERE kind = ? ORDER BY name, version",
        kind.rawValue
      ) { ($0.text(0), $0.int(1), try JSON.parse($0.text(2))) }
    }
    return rows.map { name, version, settings in
      IndexedVersion(
        name: name, version: version, isLatest: (try? store.latest(of: name)) == version,
        folder: store.path(of: name, version: version), settings: settings)
    }
  }

  private func ask<Value>(_ sql: String, _ make: (JSON) -> Value?) throws -> [Value] {
    let texts = try state.withLock { state in try state.connection.rows(sql) { $0.text(0) } }
    return try texts.compactMap { make(try JSON.parse($0)) }
  }
}
