import Base
import Database
import Formats
import Synchronization

/// `kaji.db`: the experiments, runs, scores, corpora, tokenizers, chats and models of a workspace, ready to be asked.
///
/// The files are the truth. ``refresh()`` reads again what has changed since, by size and time, and a database
/// that is gone or damaged is made anew with the same answers.
public final class Index: Sendable {
  public let workspace: Workspace
  let state: Mutex<State>

  struct State: ~Copyable {
    var connection: Connection
    /// Readers of the runs that grow, so that only their new bytes are read.
    var readers: [String: RunReader] = [:]
  }

  /// Opens the index of a workspace, and makes it if need be; ``refresh()`` fills it.
  ///
  /// Where no file can be written, as on a full disk, it lives in memory and is read from the files each time.
  public init(_ workspace: Workspace) throws {
    self.workspace = workspace
    state = Mutex(State(connection: try Self.connect(workspace)))
  }

  /// - Parameter isDamaged: whether what is there is to be removed first.
  private static func connect(_ workspace: Workspace, isDamaged: Bool = false) throws -> Connection
  {
    let path = workspace.databasePath
    do {
      try Files.makeDirectory(path.parent)
      if isDamaged {
        for name in [path.name, path.name + "-wal", path.name + "-shm"] {
          try Files.remove(path.parent / name)
        }
      }
      return try open(path)
    } catch let error as DatabaseError {
      switch error.reason {
      case .corrupt where !isDamaged: return try connect(workspace, isDamaged: true)
      case .busy: throw error
      default: return try openInMemory()
      }
    } catch is Failure {
      return try openInMemory()
    }
  }

  private static func openInMemory() throws -> Connection { try open(":memory:") }

  private static func open(_ path: Path) throws -> Connection {
    let connection = try Connection(path, busyTimeout: 10)
    try connection.migrate(IndexSchema.steps)
    return connection
  }

  /// Forgets everything and reads the workspace anew: what `kaji reindex` does.
  ///
  /// - Returns: how many sources were read.
  @discardableResult
  public func rebuild() throws -> Int {
    do {
      try state.withLock { state in
        state.readers = [:]
        try state.connection.transaction { try state.connection.run("DELETE FROM sources") }
      }
    } catch let error as DatabaseError where error.reason == .corrupt {
      try renew()
    }
    return try refresh()
  }

  /// Begins with an empty file in the place of a damaged one.
  private func renew() throws {
    try state.withLock { state in
      state.readers = [:]
      // The old connection is closed first, so that it touches none of the new one's files.
      state.connection = try Self.openInMemory()
      state.connection = try Self.connect(workspace, isDamaged: true)
    }
  }

  /// Reads again what has changed.
  ///
  /// - Returns: how many sources were read.
  @discardableResult
  public func refresh() throws -> Int {
    do { return try readChanges() } catch let error as DatabaseError {
      switch error.reason {
      case .full: try state.withLock { $0.connection = try Self.openInMemory() }
      case .corrupt: try renew()
      default: throw error
      }
      return try readChanges()
    }
  }

  private func readChanges() throws -> Int {
    let now = Int(Timestamp.now().seconds * 1e9)
    let sources = try IndexSource.all(in: workspace)
    return try state.withLock { state in
      var known: [String: String] = [:]
      let rows = try state.connection.rows(
        "SELECT path, CASE WHEN is_settled THEN stamp ELSE '' END FROM sources"
      ) { ($0.text(0), $0.text(1)) }
      for (path, stamp) in rows { known[path] = stamp }
      let vanished = Set(known.keys).subtracting(sources.map(\.path))
      let changed = sources.filter { known[$0.path] != $0.stamp }
      guard !changed.isEmpty || !vanished.isEmpty else { return 0 }
      // Read first, write then: the database is locked only for a moment.
      let entries = changed.map { read($0, now, &state.readers) }
      try state.connection.transaction {
        for path in vanished.sorted() {
          try state.connection.run("DELETE FROM sources WHERE path = ?", path)
        }
        for entry in entries { try entry.write(to: state.connection) }
      }
      for path in vanished { state.readers[path] = nil }
      return changed.count
    }
  }

  private func read(
    _ source: IndexSource, _ now: Int, _ readers: inout [String: RunReader]
  ) -> IndexEntry {
    let path = workspace.root / source.path
    // A change within the same tick of the file system's clock would leave the stamp as it is.
    var entry = IndexEntry(source, isSettled: now - source.modified > 3_000_000_000)
    do {
      switch source.kind {
      case .experiment:
        let folder = ExperimentFolder(path.parent)
        entry.content = .experiment(try Experiments(workspace).read(folder))
      case .run:
        // Taken out of the dictionary meanwhile, so that the curves are not copied.
        var reader = readers.removeValue(forKey: source.path) ?? RunReader(path)
        reader.refresh()
        entry.content = .run(StoredRun(reader))
        entry.problem = reader.problems.first
        if reader.lastWord?.kind != .end { readers[source.path] = reader }
      case .scores: entry.content = .scores(try Scores.results(of: path))
      case .corpus, .tokenizer:
        let settings = path / "\(source.kind.rawValue).yaml"
        let json = Files.exists(settings) ? try YAML.read(settings).root : .object(JSONObject())
        entry.content = .version(name: path.parent.name, parseVersion(path.name) ?? 0, json)
      case .chat:
        let chat = try Chats(workspace).read(String(path.name.dropLast(6)))
        entry.content = .chat(IndexedChat(chat))
        if chat.damagedLines > 0 {
          entry.problem = "\(path): \(chat.damagedLines) lines hold no message and are left out"
        }
      case .model: entry.content = .model(try IndexedModel(path))
      }
    } catch {
      entry.problem = oneLine(error)
    }
    return entry
  }
}
