public import Base
import Corpus
import Formats
public import Lab
public import Tokenizers

/// What makes tokenizers.
public enum TokenizerWorkflow {
  /// Learns a tokenizer from corpora of the workspace and makes it the next version of `name`.
  ///
  /// - Parameters:
  ///   - corpora: NAME, NAME@VERSION or either with `:SUBSET`; only text that may be trained on is read.
  ///   - goingOn: whether to go on under the number of a training of `name` that was cut short.
  /// - Returns: the number of its experiment, and the tokenizer as NAME@VERSION.
  /// - Throws: `Failure`; nothing is left but the experiment that failed.
  public static func train(
    name: String, corpora: [String], vocabularySize: Int, goingOn: Bool = false,
    in workspace: Workspace, _ context: WorkContext
  ) throws -> (experiment: Int, reference: String) {
    var settings = UnigramSettings()
    settings.vocabularySize = vocabularySize
    return try train(
      name: name, corpora: corpora, settings: settings, goingOn: goingOn, in: workspace, context)
  }

  /// The same with all settings.
  public static func train(
    name: String, corpora: [String], settings: UnigramSettings, goingOn: Bool = false,
    in workspace: Workspace, _ context: WorkContext
  ) throws -> (experiment: Int, reference: String) {
    guard Name.isValid(name) else {
      throw Failure(
        "\"\(Sanitiser.visible(name))\" cannot name a tokenizer",
        remedy: "Use letters, digits, '-', '_' and '.'.")
    }
    try settings.validate()
    let selections = try corpora.map { try CorpusSelection($0, in: workspace) }
    let pinned = selections.map(\.description)
    let store = workspace.tokenizerVersions
    Undertaking.sweep(store, name, in: workspace)
    return try Undertaking.perform(
      "tokenizer-\(name)", .tokenizer,
      purpose: "\(settings.vocabularySize) pieces from \(pinned.joined(separator: ", "))",
      links: pinned, goingOn: goingOn, in: workspace, context
    ) { experiment in
      let made = (experiment.number, "\(name)@\(versionName(experiment.number))")
      if store.appeared(name, version: experiment.number) != nil {
        try store.complete(name, version: experiment.number)
        return made
      }
      let texts = try texts(of: selections)
      let files = try learn(texts, settings, context)
      let staged = try store.begin(name, version: experiment.number)
      do {
        try files.write(to: staged.folder)
        let record: JSON = [
          "name": JSON(name), "version": JSON(experiment.number), "model": "unigram",
          "vocabulary_size": JSON(files.model.pieces.count),
          "fingerprint": JSON(try files.tokenizer().fingerprint),
          "corpora": .array(pinned.map { JSON($0) }), "documents": JSON(texts.count),
        ]
        try Files.write(YAML.text(record), to: staged.folder / "tokenizer.yaml")
        try staged.commit()
      } catch {
        staged.abandon()
        throw error
      }
      return made
    }
  }

  /// Learns a tokenizer from texts and writes it into a folder of its own; no workspace is needed.
  ///
  /// - Parameter folder: made if it is not there; one that holds something is refused.
  /// - Returns: the tokenizer as it reads back.
  @discardableResult
  public static func train(
    texts: [String], settings: UnigramSettings, to folder: Path, _ context: WorkContext
  ) throws -> Tokenizer {
    try settings.validate()
    guard try !Files.exists(folder) || Files.list(folder).isEmpty else {
      throw Failure("\(folder) is not empty", remedy: "Name a new folder with --out.")
    }
    let files = try learn(texts, settings, context)
    try files.write(to: folder)
    return try Tokenizer.load(folder)
  }

  /// The texts of corpora that may be trained on.
  ///
  /// - Parameter corpora: NAME[@VERSION][:SUBSET].
  public static func texts(of corpora: [String], in workspace: Workspace) throws -> [String] {
    try texts(of: corpora.map { try CorpusSelection($0, in: workspace) })
  }

  private static func texts(of selections: [CorpusSelection]) throws -> [String] {
    let texts = try selections.flatMap {
      try $0.version.texts(for: .train, subset: $0.subset)
    }
    guard !texts.isEmpty else {
      throw Failure(
        "\(selections.map(\.description).joined(separator: ", ")) has no text that may be trained on",
        remedy: "Name subsets of level L1, L2 or L3.")
    }
    return texts
  }

  private static func learn(
    _ texts: [String], _ settings: UnigramSettings, _ context: WorkContext
  ) throws -> TokenizerFiles {
    let model = try UnigramTrainer.train(
      texts, settings: settings, pool: context.pool, progress: context.progress,
      cancellation: context.cancellation)
    return try TokenizerFiles(model)
  }
}
