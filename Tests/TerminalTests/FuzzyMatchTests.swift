import TestSupport
import Testing

@testable import Terminal

@Suite("Fuzzy match") struct FuzzyMatchTests {
  @Test func `all letters have to occur in their order`() {
    for (typed, name) in [
      ("nr", "new run"), ("NR", "New Run"), ("n r", "new run"), ("学ぶ", "学習を選ぶ"),
    ] {
      #expect(FuzzyMatch(typed, in: name) != nil, "\(typed) in \(name)")
    }
    for (typed, name) in [("rw", "new run"), ("nrr", "new run"), ("x", ""), ("runs", "run")] {
      #expect(FuzzyMatch(typed, in: name) == nil, "\(typed) in \(name)")
    }
    #expect(FuzzyMatch("", in: "new run")?.places == [])
  }

  @Test func `beginnings of words and neighbours win`() {
    #expect(FuzzyMatch("nr", in: "new run")?.places == [0, 4])
    #expect(FuzzyMatch("log", in: "linear or log loss")?.places == [10, 11, 12])
    func better(_ typed: String, _ a: String, _ b: String) -> Bool {
      (FuzzyMatch(typed, in: a)?.score ?? .min) > (FuzzyMatch(typed, in: b)?.score ?? .min)
    }
    #expect(better("nr", "new run", "count rows"))
    #expect(better("sto", "stop", "go to step"))
    #expect(better("chat", "chat", "chat with it"))
    #expect(better("zo", "zoom in", "draw zero"))
  }

  /// Against every way to place the letters, one by one.
  @Test func `no other placing is better`() {
    var random = SeededGenerator(11)
    func value(_ places: [Int], _ name: [Character]) -> Int {
      places.enumerated().reduce(0) { sum, step in
        let (count, place) = (step.offset, step.element)
        let start =
          place == 0 ? 12 : name[place - 1].isLetter || name[place - 1].isNumber ? 1 : 8
        let follows = count > 0 && places[count - 1] == place - 1
        return sum + start + (follows ? 6 : 0)
      }
    }
    func ways(_ typed: ArraySlice<Character>, _ name: [Character], from: Int) -> [[Int]] {
      guard let first = typed.first else { return [[]] }
      return (from..<max(from, name.count)).filter { name[$0] == first }.flatMap { place in
        ways(typed.dropFirst(), name, from: place + 1).map { [place] + $0 }
      }
    }
    for _ in 0..<300 {
      let name = (0..<Int.random(in: 0..<9, using: &random)).map { _ in
        "ab ".randomElement(using: &random) ?? "a"
      }
      let typed = (0..<Int.random(in: 1..<4, using: &random)).map { _ in
        "ab".randomElement(using: &random) ?? "a"
      }
      let best = ways(typed[...], name, from: 0).map { value($0, name) }.max()
      let match = FuzzyMatch(String(typed), in: String(name))
      #expect(match.map { value($0.places, name) } == best, "\(typed) in \(name)")
    }
  }
}
