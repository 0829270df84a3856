public import Base
import Corpus
public import Lab
public import Tokenizers

/// A tokenizer, found by what a user calls it: a file, a folder, or NAME[@VERSION] of the workspace.
public struct TokenizerReference: Sendable {
  /// The file or folder.
  public let path: Path
  /// The file's name, or NAME@VERSION.
  public let name: String

  /// Finds a tokenizer.
  ///
  /// - Parameter workspace: where names are looked up; `nil`: only files and folders are found.
  /// - Throws: `Failure` saying what was looked for.
  public init(_ text: String, in workspace: Workspace?) throws {
    let file = Path(text)
    if Files.exists(file) {
      path = file
      name = file.name
      return
    }
    guard let workspace, !text.contains("/") else {
      throw Failure(
        "there is no tokenizer '\(Sanitiser.visible(text))'",
        remedy: "Name a .model, a tokenizer.json, a Hugging Face folder, or NAME of a workspace.")
    }
    let store = VersionStore.tokenizers(of: workspace.root)
    let found = try store.resolve(text)
    path = store.path(of: found.name, version: found.version)
    name = "\(found.name)@\(versionName(found.version))"
  }

  /// Reads it.
  public func load() throws -> Tokenizer { try Tokenizer.load(path) }
}
