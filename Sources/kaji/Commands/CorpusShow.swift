import Base
import Corpus
import Lab

extension Commands {
  static let corpusShow = Command(
    "corpus show", "NAME DOC", "one document, if its level allows it",
    count: 2...2
  ) { invocation in
    let word = invocation.arguments[1]
    guard let id = DocumentID(word) else {
      throw Failure(
        "'\(Sanitiser.visible(word))' is no document's id",
        remedy: "Give VERSION:FILE:ORDINAL as 'kaji corpus search' prints it.")
    }
    // The id says the version where the name does not.
    let name = invocation.arguments[0]
    let reference = name.contains("@") ? name : "\(name)@\(versionName(id.version))"
    let version = try CorpusVersion(reference, workspace: try invocation.workspace().root)
    let document = try version.document(id)
    let text = try document.text.text(for: .show)
    if invocation.json {
      Output.json([
        "doc": JSON(id.description), "text": JSON(text), "meta": try document.meta(for: .show),
        "subset": JSON(document.subset), "language": JSON(document.language),
        "level": JSON(document.level.rawValue),
      ])
    } else {
      Output.untrusted(text + "\n")
    }
    return .done
  }
}
