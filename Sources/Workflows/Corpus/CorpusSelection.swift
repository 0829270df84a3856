import Base
import Corpus
import Lab

/// A version of a corpus, or one subset of it: `NAME[@VERSION][:SUBSET]`.
struct CorpusSelection: CustomStringConvertible {
  let version: CorpusVersion
  let subset: String?

  /// - Throws: `Failure` if there is no such corpus, version or subset.
  init(_ text: String, in workspace: Workspace) throws {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    version = try CorpusVersion(String(parts[0]), workspace: workspace.root)
    subset = parts.count == 2 ? String(parts[1]) : nil
    let names = Set(version.manifest.subsets.map(\.name))
    if let subset, !names.contains(subset) {
      throw Failure(
        "\(version.name) has no subset \(Sanitiser.visible(subset))",
        remedy: nearest(to: subset, among: names.sorted()).map { "Did you mean \($0)?" }
          ?? "Choose one of \(names.sorted().joined(separator: ", ")).")
    }
  }

  /// With the version's number.
  var description: String {
    "\(version.name)@\(versionName(version.version))" + (subset.map { ":\($0)" } ?? "")
  }
}
