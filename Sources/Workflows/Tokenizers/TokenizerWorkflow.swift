import Base
import Corpus
public import Lab
import Tokenizers

/// Training of tokenizers as numbered experiments.
public enum TokenizerWorkflow {
  /// Trains a Unigram tokenizer on the documents of corpora that may be trained on.
  ///
  /// - Parameters:
  ///   - name: the tokenizer's in the workspace.
  ///   - corpora: NAME, NAME@VERSION, or either with :SUBSET.
  /// - Returns: the experiment and `NAME@vNNNN`.
  public static func train(
    name: String, corpora: [String], vocabularySize: Int, in workspace: Workspace,
    _ context: WorkContext
  ) throws -> (experiment: Int, reference: String) {
    try Undertaking.perform(
      "tokenizer-\(name)", .tokenizer, purpose: "Unigram, \(vocabularySize) pieces", links: corpora,
      in: workspace, context
    ) { experiment in
      let documents = try corpora.flatMap { try texts(of: $0, in: workspace) }
      var settings = UnigramSettings()
      settings.vocabularySize = vocabularySize
      let model = try UnigramTrainer.train(
        documents, settings: settings, pool: context.pool, progress: context.progress,
        cancellation: context.cancellation)
      let staged = try VersionStore.tokenizers(of: workspace.root)
        .begin(name, version: experiment.number)
      do {
        try TokenizerFiles(model).write(to: staged.folder)
        try staged.commit()
      } catch {
        staged.abandon()
        throw error
      }
      return (experiment.number, "\(name)@\(versionName(experiment.number))")
    }
  }

  private static func texts(of reference: String, in workspace: Workspace) throws -> [String] {
    let parts = reference.split(separator: ":", maxSplits: 1).map(String.init)
    let version = try CorpusVersion(parts[0], workspace: workspace.root)
    return try version.texts(for: .train, subset: parts.count > 1 ? parts[1] : nil)
  }
}
