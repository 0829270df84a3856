import Base
import Corpus
import Formats
import Lab
import Synchronization
import TestSupport
import Testing
import Tokenizers

/// What a demo says of itself, held against what it left on the disk and against the sample data.
struct DemoClaims {
  /// The word of the canary document of level LX, and of that of level LZ; they occur nowhere else.
  private static let canaries = (heldOut: "グヅメリポ", unused: "ヌャボセド")

  let summary: JSON
  let workspace: Workspace

  // MARK: Losses

  /// Computes the three losses anew: texts from the sample data, the model in float64, counts of their own.
  func checkLosses() throws {
    let tokenizer = try Tokenizer.load(try tokenizerFolder())
    let begin = try #require(tokenizer.special.begin)
    let end = try #require(tokenizer.special.end)
    func documents(_ isWanted: (_ subset: String, _ level: String) -> Bool) throws -> [[Int32]] {
      try texts(where: isWanted).map { text in
        [begin] + tokenizer.encode(text, parseSpecial: false) + [end]
      }
    }
    let heldOut = try documents { subset, _ in subset == "heldout" }
    let trained = try documents { _, level in ["L1", "L2", "L3"].contains(level) }
    let baselines = PlainBaselines(trained, vocabularySize: tokenizer.count)
    try check("unigram_loss", baselines.unigramLoss(heldOut), within: 1e-9)
    try check("bigram_loss", baselines.bigramLoss(heldOut), within: 1e-9)

    let base = try #require(summary["checkpoints"]?[0]?.string)
    let model = try PlainLlama(workspace.root / base)
    #expect(summary["context"]?.int == model.context)
    let losses = Mutex([Int: [Double]]())
    ThreadPool.shared.run(heldOut.count) { document in
      let own = model.losses(of: heldOut[document])
      losses.withLock { $0[document] = own }
    }
    // Added up in one order, whichever thread was first.
    let all = losses.withLock { found in heldOut.indices.flatMap { found[$0] ?? [] } }
    #expect(all.count == heldOut.reduce(0) { $0 + $1.count - 1 })
    try check("validation_loss", all.reduce(0, +) / Double(all.count), within: 1e-4)
  }

  private func check(_ key: String, _ truth: Double, within tolerance: Double) throws {
    let told = try #require(summary[key]?.double)
    #expect(abs(told - truth) <= tolerance, "\(key) is \(told), computed anew \(truth)")
  }

  /// The texts of the sample data's files that are wanted.
  private func texts(
    where isWanted: (_ subset: String, _ level: String) -> Bool
  ) throws -> [String] {
    let folder = repositoryRoot / "sample-data"
    var texts: [String] = []
    for entry in try #require(JSON.read(folder / "corpus.json")["files"]?.array) {
      let subset = try #require(entry["subset"]?.string)
      guard isWanted(subset, try #require(entry["level"]?.string)) else { continue }
      var reader = try JSONLinesReader(folder / #require(entry["file"]?.string))
      while let line = try reader.next() {
        guard case .value(let value) = line.content else { continue }
        texts.append(try #require(value["text"]?.string))
      }
    }
    return texts
  }

  private func tokenizerFolder() throws -> Path {
    let tokenizers = VersionStore.tokenizers(of: workspace.root)
    let found = try tokenizers.resolve("sample")
    return tokenizers.path(of: found.name, version: found.version)
  }

  // MARK: Canaries

  /// The words of LX and LZ documents stand in no vocabulary, no shard, and in no bytes of any file but the LX one's
  /// in the corpus itself.
  func checkCanaries() throws {
    let folder = try tokenizerFolder()
    let vocabulary = try Files.readText(folder / "tokenizer.vocab")
    let tokenizer = try Tokenizer.load(folder)
    let version = try CorpusVersion("sample", workspace: workspace.root)
    let name = try #require(try version.tokenizations().first)
    let shards = try TokenShards(version.folder / "shards" / name)
    let trained = decoded(shards.train, by: tokenizer)
    let validated = decoded(shards.validation, by: tokenizer)
    #expect(trained.contains("霧坂") && validated.contains("霧坂"))
    for word in [Self.canaries.heldOut, Self.canaries.unused] {
      for part in [word, String(word.prefix(3)), String(word.suffix(3))] {
        #expect(!vocabulary.contains(part), "\(part) is in the vocabulary")
      }
      #expect(!trained.contains(word), "\(word) is in the training shards")
      #expect(!validated.contains(word), "\(word) is in the validation shards")
    }
    try checkBytes()
  }

  private func decoded(_ shards: [TokenShard], by tokenizer: Tokenizer) -> String {
    shards.flatMap { shard in
      (0..<shard.documents).map { tokenizer.decode(shard.document($0)) }
    }.joined(separator: "\n")
  }

  /// Reads every file of the workspace, unpacked where it is packed; logs, too, which runs in the background write.
  private func checkBytes() throws {
    var seen: [String] = []
    var withWord: [String] = []
    try Self.walk(workspace.root) { path in
      let name = try #require(path.relative(to: workspace.root))
      seen.append(name)
      var bytes: [UInt8] = []
      let reader = try ContentReader(path)
      while try reader.read(into: &bytes) > 0 {}
      #expect(!Self.contains(bytes, Self.canaries.unused), "\(name) holds the LZ canary")
      if Self.contains(bytes, Self.canaries.heldOut) { withWord.append(name) }
    }
    for part in ["kaji.db", "/run/", "/scores/", "/shards/", ".vocab", "index.db"] {
      #expect(seen.contains { $0.contains(part) }, "no \(part) was looked at")
    }
    let elsewhere = withWord.filter { !($0.hasPrefix("corpora/") && $0.contains("/documents-")) }
    #expect(elsewhere == [], "the LX canary is there")
    #expect(withWord.count > elsewhere.count, "the search finds the word where it is")
  }

  private static func walk(_ folder: Path, _ visit: (Path) throws -> Void) throws {
    for name in try Files.list(folder) {
      let path = folder / name
      if Files.isDirectory(path) { try walk(path, visit) } else { try visit(path) }
    }
  }

  private static func contains(_ bytes: [UInt8], _ word: String) -> Bool {
    let word = Array(word.utf8)
    var start = bytes.startIndex
    while let place = bytes[start...].firstIndex(of: word[0]) {
      if bytes[place...].starts(with: word) { return true }
      start = place + 1
    }
    return false
  }

  // MARK: Scores

  /// The bounds that a full demo keeps, or those of the short one, which trains a seventh of it.
  func checkBounds(full: Bool) throws {
    let loss = try #require(summary["validation_loss"]?.double)
    let unigram = try #require(summary["unigram_loss"]?.double)
    let bigram = try #require(summary["bigram_loss"]?.double)
    #expect((summary["seconds"]?.double ?? 0) > 0)
    #expect(loss < (full ? 0.95 * bigram : 0.95 * unigram))
    let scores = try #require(summary["scores"]?.object).map(\.value)
    let better = scores.count { ($0["tuned"]?.double ?? 0) > ($0["base"]?.double ?? 1) }
    #expect(better >= (full ? 6 : 5), "tuned beats base in \(better) of 9 categories")
    func average(_ part: String) -> Double {
      scores.reduce(0) { $0 + ($1[part]?.double ?? .nan) } / Double(scores.count)
    }
    let (tuned, base, chance) = (average("tuned"), average("base"), average("chance"))
    #expect(tuned > base)
    guard full else { return }
    let error = try errorOfAverage(tuned)
    #expect(tuned >= chance + 2 * error, "\(tuned) ± \(error) is not clear of \(chance)")
  }

  /// The standard error of the tuned model's average over the categories, from the scores of its samples: with
  /// s² the variance of the n samples of each of the m categories, √(Σ s²/n) / m.
  private func errorOfAverage(_ average: Double) throws -> Double {
    let last = try #require(summary["experiments"]?.array?.last?.int)
    let samples = try Scores(try Experiments(workspace).folder(of: last).scores).samples()
    let categories = Dictionary(grouping: samples, by: \.category)
    #expect(categories.count == 9)
    var (sum, means) = (0.0, 0.0)
    for (_, rows) in categories {
      let scores = rows.compactMap(\.score)
      try #require(scores.count == rows.count && scores.count > 1)
      let mean = scores.reduce(0, +) / Double(scores.count)
      let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      sum += squares / Double(scores.count - 1) / Double(scores.count)
      means += mean
    }
    #expect(abs(means / 9 - average) < 1e-9, "the samples are those of the table")
    return sum.squareRoot() / 9
  }
}
