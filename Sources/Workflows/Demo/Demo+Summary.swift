import Base
import Corpus
import Lab
import Models
import NGram

extension Demo {
  /// The summary of a demo that is over.
  func storedSummary() -> DemoSummary? {
    (try? JSON.read(summaryFile)).flatMap { DemoSummary($0) }
  }

  /// Gathers what the demo came to from the files it left.
  func summarise(
    _ pretrained: RunReport, _ tuned: RunReport, corpus: String, tokenizer: String
  ) throws -> DemoSummary {
    guard let base = pretrained.checkpoint, let last = tuned.checkpoint else {
      preconditionFailure("a finished run has a checkpoint")
    }
    var summary = DemoSummary()
    summary.experiments = try Slug.allCases.compactMap { try find($0)?.number }.sorted()
    let config = try ModelFolder(base).config
    summary.validationLoss = pretrained.validationLoss ?? .nan
    summary.updates = pretrained.step
    summary.parameters = config.parameterCount
    summary.context = config.maxPositions
    summary.checkpoints = [base, last].map { workspace.relative($0) }
    var reader = RunReader(try Experiments(workspace).folder(of: pretrained.experiment).run)
    reader.refresh()
    summary.spikes = reader.spikes
    let version = try CorpusVersion(corpus, workspace: workspace.root)
    let baselines = Baselines(
      try TokenShards(Tokenization(version, tokenizer: tokenizer).folder))
    summary.unigramLoss = baselines.unigram
    summary.bigramLoss = baselines.bigram
    summary.scores = try scores()
    return summary
  }

  private func scores() throws -> [DemoSummary.Score] {
    var rows: [ScoreRow] = []
    for slug in [Slug.baseScores, .tunedScores] {
      if let experiment = try find(slug) { rows += try Scores(experiment.folder.scores).results() }
    }
    let table = ScoreTable(rows)
    guard table.rows.count == 2 else { return [] }
    return table.columns.enumerated().compactMap { column, category in
      guard category != "average", let base = table.rows[0][column],
        let tuned = table.rows[1][column]
      else { return nil }
      return DemoSummary.Score(
        category: category, base: base, tuned: tuned, chance: table.chance[column] ?? 0)
    }
  }
}

/// Count-based models on the same tokens as the trained one: what it must beat.
struct Baselines {
  /// Mean nats over the predicted tokens of the held-out documents.
  let unigram, bigram: Double

  /// Estimates on the training shards and measures on the held-out ones; each document is bos + ids + eos.
  init(_ shards: TokenShards) {
    let manifest = shards.manifest
    func sequences(_ parts: [TokenShard]) -> [[Int32]] {
      parts.flatMap { shard in
        (0..<shard.documents).map { [manifest.bos] + shard.document($0) + [manifest.eos] }
      }
    }
    var unigrams = NGramCounts(order: 1, vocabularySize: manifest.vocabularySize)
    var bigrams = NGramCounts(order: 2, vocabularySize: manifest.vocabularySize)
    for sequence in sequences(shards.train) {
      unigrams.add(sequence)
      bigrams.add(sequence)
    }
    let heldOut = sequences(shards.validation)
    unigram = UnigramDistribution(unigrams, begin: manifest.bos).crossEntropy(heldOut).nats
    bigram = KneserNeyModel(bigrams, begin: manifest.bos).crossEntropy(heldOut).nats
  }
}
