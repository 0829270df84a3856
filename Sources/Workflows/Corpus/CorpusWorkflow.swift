import Base
public import Corpus
public import Lab
import Tokenizers

/// What makes versions of a corpus, each under the number of an experiment.
public enum CorpusWorkflow {
  /// Imports files into a corpus as its next version.
  ///
  /// What cannot begin (a file that is not there, a name that is none) takes no number. An import that a later one
  /// overtakes is done again under the next number, on top of what that one made.
  ///
  /// - Parameter goingOn: whether to go on under the number of an import into `name` that was cut short.
  /// - Throws: `Failure`, or `Stopped`; the corpus stays as it was.
  public static func importSources(
    _ sources: [ImportSource], as name: String, goingOn: Bool = false, in workspace: Workspace,
    _ context: WorkContext
  ) throws -> CorpusImport.Report {
    try check(sources, name)
    Undertaking.sweep(workspace.corpusVersions, name, in: workspace)
    do {
      return try perform(sources, as: name, goingOn: goingOn, in: workspace, context)
    } catch let overtaken as CorpusImport.Overtaken {
      _ = try Experiments(workspace).note(
        overtaken.number, "\(overtaken.description): done as the next experiment")
      return try importSources(sources, as: name, in: workspace, context)
    }
  }

  private static func perform(
    _ sources: [ImportSource], as name: String, goingOn: Bool, in workspace: Workspace,
    _ context: WorkContext
  ) throws -> CorpusImport.Report {
    let files = sources.count == 1 ? "1 file" : "\(sources.count) files"
    return try Undertaking.perform(
      "import-\(name)", .corpus, purpose: "import of \(files) into \(name)", goingOn: goingOn,
      in: workspace, context
    ) { experiment in
      var work = CorpusImport(
        name, number: experiment.number, sources: sources, into: workspace.corpusVersions)
      work.base = workspace.root
      work.progress = context.progress
      work.cancellation = context.cancellation
      return try work.run()
    }
  }

  /// Removes exact duplicates of a version, which makes the next.
  ///
  /// - Parameters:
  ///   - reference: NAME or NAME@VERSION.
  ///   - goingOn: whether to go on under the number of a deduplication of the corpus that was cut short.
  /// - Throws: `Failure`, or `Stopped`; the corpus stays as it was.
  public static func deduplicate(
    _ reference: String, goingOn: Bool = false, in workspace: Workspace, _ context: WorkContext
  ) throws -> ExactDeduplication.Report {
    let parent = try CorpusVersion(reference, workspace: workspace.root)
    let link = "\(parent.name)@\(versionName(parent.version))"
    Undertaking.sweep(workspace.corpusVersions, parent.name, in: workspace)
    return try Undertaking.perform(
      "dedup-\(parent.name)", .corpus, purpose: "exact deduplication of \(link)", links: [link],
      goingOn: goingOn, in: workspace, context
    ) { experiment in
      var work = ExactDeduplication(
        parent, number: experiment.number, in: workspace.corpusVersions)
      work.progress = context.progress
      work.cancellation = context.cancellation
      return try work.run()
    }
  }

  /// Writes the token shards of a version. They lie in the version's folder and belong to the experiment of its
  /// number, which takes a note of them: they take no number of their own.
  ///
  /// - Parameters:
  ///   - reference: NAME or NAME@VERSION of a corpus.
  ///   - tokenizer: NAME or NAME@VERSION of a tokenizer of the workspace.
  ///   - heldOut: the LX subsets that become the validation shard.
  /// - Returns: the shards, and the tokenizer with its version; shards that are there stay as they are.
  public static func tokenize(
    _ reference: String, tokenizer: String, heldOut: [String] = ["heldout"],
    in workspace: Workspace, _ context: WorkContext
  ) throws -> (shards: TokenShards, tokenizer: String) {
    try workspace.requireWritable()
    let version = try CorpusVersion(reference, workspace: workspace.root)
    let store = VersionStore.tokenizers(of: workspace.root)
    let found = try store.resolve(tokenizer)
    let name = "\(found.name)@\(versionName(found.version))"
    let encoder = try DocumentEncoder(
      Tokenizer.load(store.path(of: found.name, version: found.version)))
    let shards = try tokenize(
      version, by: encoder, called: name, heldOut: heldOut, in: workspace, context)
    return (shards, name)
  }

  /// The same with a tokenizer that is loaded already.
  static func tokenize(
    _ version: CorpusVersion, by encoder: DocumentEncoder, called name: String, heldOut: [String],
    in workspace: Workspace, _ context: WorkContext
  ) throws -> TokenShards {
    var work = Tokenization(version, tokenizer: name)
    work.heldOut = heldOut
    work.pool = context.pool
    work.progress = context.progress
    work.cancellation = context.cancellation
    let isNew = !Files.exists(work.folder)
    let shards = try work.run(encoder)
    if isNew {
      let tokens = shards.manifest.tokens(.train) + shards.manifest.tokens(.validation)
      let experiments = Experiments(workspace)
      // A version that was copied here from elsewhere has no experiment to tell; its number may be another corpus's.
      let slug = "\(version.manifest.operation)-\(version.name)"
      if let maker = try? experiments.find(version.version), maker.kind == .corpus,
        maker.slug == slug
      {
        _ = try? experiments.note(
          maker.number, "tokenised with \(name): \(Format.count(tokens)) tokens")
      }
    }
    return shards
  }

  /// Refuses an import that cannot begin.
  private static func check(_ sources: [ImportSource], _ name: String) throws {
    guard Name.isValid(name) else {
      throw Failure(
        "\"\(Sanitiser.visible(name))\" cannot name a corpus",
        remedy: "Use letters, digits, '-', '_' and '.'.")
    }
    guard !sources.isEmpty else {
      throw Failure("there is no file to import", remedy: "Name files, or folders that hold some.")
    }
    for source in sources {
      guard Name.isValid(source.subset), Name.isValid(source.language) else {
        throw Failure(
          "subset \"\(Sanitiser.visible(source.subset))\" or language "
            + "\"\(Sanitiser.visible(source.language))\" is no name",
          remedy: "Use letters, digits, '-', '_' and '.', as in --subset ja_wiki --language ja.")
      }
      // What is no file, or cannot be read, is told of here, before a number is taken.
      let status = try FileStatus(source.path)
      guard !status.isDirectory else {
        throw Failure("\(source.path) is a folder", remedy: "Name a file.")
      }
      // Sources are read twice, which a pipe cannot be, and to their end, which a device may not have.
      guard status.isRegular else {
        throw Failure(
          "\(source.path) is a device or a pipe", remedy: "Name a file, or pipe into '-'.")
      }
      _ = try FileReader(source.path)
    }
  }
}
