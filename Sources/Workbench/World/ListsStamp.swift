import Base
import Lab

/// What tells, without reading a file, that the lists of the panes may have changed: sizes and times of the
/// index, which others fill too, and of what the index does not hold.
struct ListsStamp: Equatable, Sendable {
  private var states: [FileStatus?] = []

  /// - Throws: `Failure` if the folder of experiments cannot be read.
  init(_ workspace: Workspace) throws {
    let database = workspace.databasePath
    add(database, database.parent / (database.name + "-wal"), workspace.models, workspace.chats)
    for folder in try Experiments(workspace).folders() {
      add(folder.path, folder.owner, folder.checkpoints)
    }
    let corpora = workspace.corpusVersions
    for name in try corpora.names() { add(corpora.path(of: name, version: 1).parent) }
  }

  private mutating func add(_ paths: Path...) {
    for path in paths { states.append(try? FileStatus(path)) }
  }
}
