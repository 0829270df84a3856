import Base
import Formats
import TestSupport
import Testing
import Tokenizers

@testable import Tokenizers

@Suite("Unigram training") struct UnigramTrainerTests {
  static func lines() throws -> [String] {
    try Files.readText(goldens / "training.txt").split(
      separator: "\n", omittingEmptySubsequences: false
    )
    .map(String.init)
  }

  /// `training.json`: sentencepiece 0.2.3 on the same text (`make.py training`).
  @Test func `shares its vocabulary with spm_train and needs no more tokens`() throws {
    var settings = UnigramSettings()
    settings.vocabularySize = 1500
    let lines = try Self.lines()
    let model = try UnigramTrainer.train(lines, settings: settings)
    let peer = try golden("training.json")
    let theirs = Set((peer["pieces"]?.array ?? []).compactMap(\.string).map { Array($0.utf8) })
    let ours = Set(model.pieces.map { Array($0.text.utf8) })
    #expect(model.pieces.count == 1500 && theirs.count == 1500)
    #expect(
      Double(ours.intersection(theirs).count) >= 0.88 * 1500, "\(ours.intersection(theirs).count)")
    let tokenizer = try Tokenizer(model)
    let tokens = lines.reduce(0) { $0 + tokenizer.encode($1).count }
    let ratio = Double(tokens) / Double(peer["tokens"]?.int ?? 0)
    #expect(ratio < 1.005 && ratio > 0.97, "\(ratio)")
  }

  @Test func `the number of threads changes no byte`() throws {
    var settings = UnigramSettings()
    settings.vocabularySize = 1600
    let lines = try Self.lines()
    let models = try [1, 2, 3].map { threads in
      try UnigramTrainer.train(lines, settings: settings, pool: ThreadPool(threads: threads))
        .serialized()
    }
    #expect(models[0] == models[1] && models[1] == models[2])
  }

  @Test func `special pieces come first and line breaks are pieces`() throws {
    var settings = UnigramSettings()
    settings.vocabularySize = 1550
    settings.controlSymbols = ["<sep>"]
    settings.userDefinedSymbols = ["\n", "<|x|>"]
    let model = try UnigramTrainer.train(
      [try Files.readText(goldens / "training.txt")], settings: settings)
    #expect(
      model.pieces.prefix(7).map(\.text) == [
        "<unk>", "<s>", "</s>", "<pad>", "<sep>", "\n", "<|x|>",
      ])
    #expect(model.pieces[7].text == "<0x00>" && model.pieces.count == 1550)
    #expect(!model.pieces.dropFirst(7).contains { $0.text.contains("\n") })
    #expect(model.pieces.allSatisfy { $0.text.unicodeScalars.count <= 16 })
    let digits = model.pieces.filter {
      $0.kind == .normal && $0.text.contains(where: \.isASCIIDigit)
    }
    #expect(digits.allSatisfy { $0.text.count == 1 })
    let tokenizer = try Tokenizer(model)
    #expect(tokenizer.pieces(tokenizer.encode("a\n\n<|x|>b")).filter { $0 == "\n" }.count == 2)
  }

  @Test func `settings that cannot be met are refused`() throws {
    var small = UnigramSettings()
    small.vocabularySize = 300
    #expect(throws: Failure.self) {
      try UnigramTrainer.train(
        ["あいうえお" + (0..<99).map { String(Unicode.Scalar(0x4e00 + $0)!) }.joined()], settings: small)
    }
    #expect(throws: Failure.self) {
      try UnigramTrainer.train([String](), settings: UnigramSettings())
    }
    let flag = CancellationFlag()
    flag.cancel()
    let lines = try Self.lines()
    #expect(throws: Failure.self) {
      try UnigramTrainer.train(lines, settings: UnigramSettings(), cancellation: flag)
    }
    var coverage = UnigramSettings()
    coverage.characterCoverage = 2
    #expect(throws: Failure.self) { try UnigramTrainer.train(["a"], settings: coverage) }
  }

  /// SentencePiece's rule: spaces may be a piece of their own, but only one begins a word.
  @Test func `a word takes one space with it`() {
    let rules = PieceRules(UnigramSettings())
    func isPiece(_ text: String) -> Bool {
      var prefix: PieceRules.Prefix? = PieceRules.Prefix()
      for scalar in text.unicodeScalars {
        prefix = prefix.flatMap { rules.prefix(extending: $0, by: rules.character(scalar.value)) }
      }
      return prefix.map(rules.isPiece) ?? false
    }
    #expect(isPiece("▁a") && isPiece("▁▁▁") && isPiece("▁") && isPiece("漢字かな"))
    #expect(!isPiece("▁▁a") && !isPiece("a▁") && !isPiece("a▁b") && !isPiece("aか"))
  }

  /// The inner nodes of the suffix tree of whole lines: "cd" is always followed by a comma, which is
  /// of no piece with it, "ab" by two different characters, "ef" by the line's end and a digit.
  @Test func `seeds are the strings that different characters follow`() throws {
    var settings = UnigramSettings()
    settings.characterCoverage = 1
    let text = try TrainingText(
      ["ab,cd,ef", "ab.cd,ef", "zcd,ef1"], settings: settings, progress: SilentProgress(),
      cancellation: nil)
    let seeds = SeedPieces(text, settings: settings, pool: ThreadPool(threads: 1))
    let found = Set(
      seeds.keys.indices.map { piece in
        String(
          String.UnicodeScalarView(
            seeds.keys[piece].map { Unicode.Scalar(text.scalars[Int($0)])! }))
      })
    #expect(found.isSuperset(of: ["▁ab", "ef"]))
    #expect(found.isDisjoint(with: ["cd", "▁cd"]))
  }

  @Test func `digamma agrees with its known values`() {
    #expect(abs(digamma(1) + 0.577_215_664_901_532_9) < 1e-9)
    #expect(abs(digamma(0.5) + 1.963_510_026_021_423_5) < 1e-9)
    #expect(abs(digamma(100) - 4.600_161_852_738_087) < 1e-9)
  }

  @Test func `expected counts are those of all segmentations`() {
    // "ab" over a, b, ab: by hand; and a word so long that its probability is below 64 bits.
    let a: UInt32 = 1, b: UInt32 = 2
    var trie = PieceTrie(sorted: PieceKeys([[a], [a, b], [b]].map { $0[...] }))
    trie.assign(ids: [0, 1, 2], scores: [0.5, 0.25, 0.125])
    var lattice = Lattice(longest: 2)
    var counts = [Int64](repeating: 0, count: 3)
    let symbols: [UInt32] = [a, b, 0]
    let log = lattice.addExpectedCounts(
      of: symbols.span, from: 0, trie.nodes.span, weight: 1_000_000, to: &counts)
    let whole = 0.5 * 0.125 + 0.25
    #expect(abs(log - logarithm(whole)) < 1e-12)
    #expect(counts == [200_000, 800_000, 200_000])
    let long: [UInt32] = Array(repeating: [a, b], count: 4000).flatMap { $0 } + [0]
    counts = [0, 0, 0]
    let longLog = lattice.addExpectedCounts(
      of: long.span, from: 0, trie.nodes.span, weight: 1_000_000, to: &counts)
    #expect(abs(longLog - 4000 * logarithm(whole)) < 1e-6)
    #expect(counts == [800_000_000, 3_200_000_000, 800_000_000])
  }

  @Test func `a word that no pieces spell has the least likelihood there is`() {
    #expect(PieceStatistics.fixed(-.infinity) == .min)
    #expect(PieceStatistics.fixed(.infinity) == .max)
    #expect(PieceStatistics.fixed(-2.5) == -3)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
