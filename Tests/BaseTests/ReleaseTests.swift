import Base
import Testing

@Suite("Release levels") struct ReleaseTests {
  /// The table as the design writes it: one letter a purpose, y or n.
  static let table =
    "train test search show distribute: L1 yyyyy · L2 yyyyn · L3 ynnnn · LX nynnn · LZ nnnnn"

  @Test("are the design's table")
  func levels() throws {
    let halves = Self.table.split(separator: ": ")
    let purposes = try halves[0].split(separator: " ").map {
      try #require(Purpose(rawValue: String($0)))
    }
    #expect(purposes == Purpose.allCases)
    var seen: [ReleaseLevel] = []
    for entry in halves[1].split(separator: " · ") {
      let fields = entry.split(separator: " ")
      let level = try #require(ReleaseLevel(rawValue: String(fields[0])))
      seen.append(level)
      for (purpose, letter) in zip(purposes, fields[1]) {
        #expect(level.allows(purpose) == (letter == "y"), "\(level) \(purpose)")
        let text = LevelledText("ひみつ", level: level)
        if letter == "y" {
          #expect(try text.text(for: purpose) == "ひみつ")
        } else {
          #expect(throws: Withheld.self) { try text.text(for: purpose) }
        }
      }
    }
    #expect(seen == ReleaseLevel.allCases)
  }

  @Test("a levelled text shows its counts and never itself", arguments: ReleaseLevel.allCases)
  func printing(_ level: ReleaseLevel) {
    let text = LevelledText("canary か", level: level)
    #expect(text.characters == 8)
    #expect(text.bytes == 10)
    var dumped = ""
    dump([text], to: &dumped)
    for shown in ["\(text)", String(reflecting: text), "\([text])", dumped] {
      #expect(!shown.contains("canary"), "\(shown)")
    }
  }

  @Test("refusing names level and purpose")
  func refusal() {
    let text = LevelledText("x", level: .LX)
    let error = #expect(throws: Withheld.self) { try text.text(for: .train) }
    #expect(error?.description.contains("LX") == true)
    #expect(error?.description.contains("train") == true)
  }
}
