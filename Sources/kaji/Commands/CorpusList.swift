import Base
import Corpus
import Lab

extension Commands {
  static let corpusList = Command("corpus list", "", "the workspace's corpora") { invocation in
    let store = VersionStore.corpora(of: try invocation.workspace().root)
    var rows: [(name: String, latest: String, versions: [String], documents: Int)] = []
    for name in try store.names() {
      do {
        let latest = try store.latest(of: name)
        let version = try CorpusVersion(store.path(of: name, version: latest))
        rows.append(
          (
            name, versionName(latest), try store.versions(of: name).map(versionName),
            version.manifest.documents
          ))
      } catch {
        // One that cannot be read hides no other.
        Output.note("kaji: warning: \(oneLine(error))")
      }
    }
    if invocation.json {
      Output.json(
        .array(
          rows.map { row in
            [
              "name": JSON(row.name), "latest": JSON(row.latest),
              "versions": .array(row.versions.map { JSON($0) }), "documents": JSON(row.documents),
            ]
          }))
    } else if rows.isEmpty {
      Output.line("no corpus yet: 'kaji corpus import' brings files in")
    } else {
      Output.table(
        [["CORPUS", "LATEST", "VERSIONS", "DOCUMENTS"]]
          + rows.map {
            [$0.name, $0.latest, String($0.versions.count), Format.count($0.documents)]
          })
    }
    return .done
  }
}
