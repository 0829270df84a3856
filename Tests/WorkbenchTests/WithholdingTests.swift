import Base
import Terminal
import TestSupport
import Testing

@testable import Corpus
@testable import Workbench

/// Text of levels L3, LX and LZ is on no frame, whatever the world posts and the user presses.
@Suite("Withheld text") struct WithholdingTests {
  /// A character that only withheld texts have.
  static let canary = "鱻"

  static func text(_ level: ReleaseLevel) -> String {
    level.allows(.show) ? "見せてよい文" : "\(canary)\(canary)秘密の文\(canary)"
  }

  static func row(_ ordinal: Int, _ level: ReleaseLevel) -> DocumentRow {
    DocumentRow(
      id: DocumentID(version: 3, file: 1, ordinal: ordinal), subset: "s",
      excerpt: LevelledText(text(level), level: level), characters: 9)
  }

  @Test func `is never drawn`() {
    var random = SeededGenerator(7)
    let keys: [Key] = [
      .enter, .tab, .backTab, .escape, .up, .down, .end, .home, .pageDown, .character("/"),
      .character("J"), .character("K"), .character("文"), .character("w"),
    ]
    for round in 0..<150 {
      let size = Bool.random(using: &random) ? Player.small : Player.wide
      var player = Player(.corpus, size, [Samples.corpora, Samples.subsets])
      for _ in 0..<40 {
        let level = ReleaseLevel.allCases.randomElement(using: &random) ?? .L3
        let rows = (0..<40).map { Self.row($0, level) }
        let mixed = (0..<9).map { Self.row($0, ReleaseLevel.allCases[$0 % 5]) }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: player.receiveDocument(Samples.document(level, text: Self.text(level)))
        case 1:
          // A world gone wrong may post any rows for any subset.
          for subset in Samples.statistics {
            player.receive(
              .corpus(.documents(Samples.version, SubsetName(subset), from: 0, rows)))
          }
        case 2:
          player.press(.character("/"))
          player.type("文")
          player.press(.enter)
          player.receive(
            .corpus(
              .found(
                Samples.version, query: "文",
                Findings(query: "文", hits: mixed, total: 9, withheld: 3))))
        default: player.press(keys.randomElement(using: &random) ?? .tab)
        }
        let frame = player.frame
        guard !frame.contains(Self.canary) else {
          Issue.record("round \(round) shows withheld text:\n\(frame)")
          return
        }
      }
    }
  }

  @Test func `samples of withheld tasks are not even values`() {
    for level in ReleaseLevel.allCases {
      let sample = ScoredSample(
        task: "t", index: 0, level: level, prompt: "p", output: "o", expected: "e", metric: "m",
        score: 1, verdict: .right)
      #expect((sample != nil) == level.allows(.show))
    }
  }
}
