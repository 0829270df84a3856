public import Corpus
public import Lab

/// Work on corpora, each piece a numbered experiment whose number the new version takes.
public enum CorpusWorkflow {
  /// Imports files as the next version of a corpus.
  public static func importSources(
    _ sources: [ImportSource], as name: String, in workspace: Workspace, _ context: WorkContext
  ) throws -> CorpusImport.Report {
    try Undertaking.perform(
      "import-\(name)", .corpus, purpose: "import of \(sources.count) files", in: workspace, context
    ) { experiment in
      var job = CorpusImport(
        name, number: experiment.number, sources: sources, into: .corpora(of: workspace.root))
      job.progress = context.progress
      job.cancellation = context.cancellation
      return try job.run()
    }
  }

  /// Removes documents whose text occurs twice, as the next version of the corpus.
  ///
  /// - Parameter reference: NAME or NAME@VERSION.
  public static func deduplicate(
    _ reference: String, in workspace: Workspace, _ context: WorkContext
  ) throws -> ExactDeduplication.Report {
    let parent = try CorpusVersion(reference, workspace: workspace.root)
    return try Undertaking.perform(
      "dedup-\(parent.name)", .corpus, purpose: "exact deduplication",
      links: ["\(parent.name)@\(versionName(parent.version))"], in: workspace, context
    ) { experiment in
      var job = ExactDeduplication(
        parent, number: experiment.number, in: .corpora(of: workspace.root))
      job.progress = context.progress
      return try job.run()
    }
  }
}
