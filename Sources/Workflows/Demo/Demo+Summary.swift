import Base
import Corpus
import Lab
import Models
import NGram

extension Demo {
  /// The experiments of a demo; its workspace may hold others of its user.
  private static let slugs = [
    "import-\(name)", "dedup-\(name)", "tokenizer-\(name)", "demo-pretrain", "demo-sft",
    "demo-eval-base", "demo-eval-tuned",
  ]

  /// The summary of a demo that is over.
  func storedSummary() -> DemoSummary? {
    (try? JSON.read(summaryFile)).flatMap { DemoSummary($0) }
  }

  /// Seconds of work in earlier sittings.
  func secondsBefore() -> Double { (try? JSON.read(summaryFile))?["seconds"]?.double ?? 0 }

  /// Remembers the preset and the seconds of a demo that is not over.
  func store(_ preset: DemoPreset, seconds: Double) throws {
    let json: JSON = ["preset": JSON(preset.rawValue), "seconds": .number(seconds)]
    try Files.write(json.text() + "\n", to: summaryFile)
  }

  /// Gathers what the demo came to from the files it left.
  func summarise(
    _ pretrained: RunReport, _ tuned: RunReport, corpus: String, tokenizer: String
  ) throws -> DemoSummary {
    guard let base = pretrained.checkpoint, let last = tuned.checkpoint else {
      preconditionFailure("a finished run has a checkpoint")
    }
    var summary = DemoSummary()
    summary.experiments = try Self.slugs.compactMap { try find($0)?.number }.sorted()
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
    for slug in ["demo-eval-base", "demo-eval-tuned"] {
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
