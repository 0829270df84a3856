import Terminal
import TestSupport
import Testing

@testable import Workbench

@Suite("Found words") struct FoundWordsTests {
  /// Whatever the widths, the first word is in view, whole, and is what the marks say.
  @Test func `the word is in view at every width`() {
    let sides = ["", "島の", "か\u{3099}くしゅう用の文書である。", "The harbour smells of cedar. ", "ｶﾞﾗｽと鏡"]
    for word in ["鉄道", "Railway", "か\u{3099}"] {
      for before in sides {
        for after in sides {
          for times in [0, 1, 3, 9] {
            let line = String(repeating: before, count: times) + word + after
            for columns in [24, 40, 48, 90] {
              let cell = FoundWords.cell(line, [word.lowercased()], columns: columns)
              let shown = Array(TextWidth.fit(cell.text, to: columns))
              guard let mark = cell.marks.first, mark.upperBound <= shown.count else {
                Issue.record("no mark in \(cell.text)")
                continue
              }
              #expect(String(shown[mark]) == word, "\(cell.text) at \(columns)")
            }
          }
        }
      }
    }
  }

  @Test func `a line without the word stays as it is`() {
    let cell = FoundWords.cell("島の文書", ["鉄道"], columns: 4)
    #expect(cell.text == "島の文書" && cell.marks.isEmpty)
    #expect(FoundWords.cell("", ["鉄道"], columns: 4).text.isEmpty)
    #expect(FoundWords.cell("鉄道", [], columns: 4).marks.isEmpty)
  }

  @Test func `a word that goes on in the next line is found`() {
    typealias Place = FoundWords.Place
    let places = FoundWords.places(of: ["鉄道", "AB"], in: ["島の鉄", "道はab", "", "Ab鉄道鉄"])
    #expect(
      places == [
        Place(line: 0, range: 2..<3), Place(line: 1, range: 0..<1), Place(line: 1, range: 2..<4),
        Place(line: 3, range: 0..<2), Place(line: 3, range: 2..<4),
      ])
    #expect(FoundWords.places(of: [], in: ["鉄道"]).isEmpty)
    #expect(FoundWords.places(of: ["鉄道"], in: []).isEmpty)
  }
}
