import Base
import Formats

/// A file or folder of the workspace that the index reads as one.
struct IndexSource {
  enum Kind: String {
    case experiment, run, scores, corpus, tokenizer, chat, model
  }

  let kind: Kind
  /// Relative to the workspace.
  let path: String
  /// Size and time of change of all that is read; a different stamp means reading again.
  let stamp: String
  /// The newest time of change, in nanoseconds since 1970.
  let modified: Int

  /// Everything in a workspace that the index is made of, by path.
  static func all(in workspace: Workspace) throws -> [IndexSource] {
    var found: [IndexSource] = []
    func add(_ kind: Kind, _ path: Path, _ files: [Path]) {
      // What vanishes while it is looked at was not there.
      let states = files.compactMap { file in (try? FileStatus(file)).map { (file.name, $0) } }
      guard !states.isEmpty else { return }
      found.append(
        IndexSource(
          kind: kind, path: workspace.relative(path),
          stamp: states.map { "\($0.0):\($0.1.size):\($0.1.modified)" }.joined(separator: "/"),
          modified: states.map(\.1.modified).max() ?? 0))
    }
    for folder in try Experiments(workspace).folders() {
      add(.experiment, folder.settings, [folder.settings])
      let segments = (try? Files.list(folder.run)) ?? []
      add(.run, folder.run, segments.filter { SegmentName($0) != nil }.map { folder.run / $0 })
      for file in (try? Scores(folder.scores).files()) ?? [] { add(.scores, file, [file]) }
    }
    for (kind, versions) in [
      (Kind.corpus, workspace.corpusVersions), (.tokenizer, workspace.tokenizerVersions),
    ] {
      for name in try versions.names() {
        for version in try versions.versions(of: name) {
          let folder = versions.path(of: name, version: version)
          let settings = folder / "\(kind.rawValue).yaml"
          add(kind, folder, [Files.exists(settings) ? settings : folder])
        }
      }
    }
    for chat in (try? Files.list(workspace.chats)) ?? [] where Chats.isChat(chat) {
      add(.chat, workspace.chats / chat, [workspace.chats / chat])
    }
    for name in (try? Files.list(workspace.models)) ?? [] where !name.hasPrefix(".") {
      let model = workspace.models / name
      // A model is a folder of Hugging Face's, or one file.
      let parts = (try? Files.list(model))?.map { model / $0 }
      add(.model, model, parts ?? [model])
    }
    return found.sorted { $0.path < $1.path }
  }
}
