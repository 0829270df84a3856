import Base
import TestSupport
import Testing

/// What JSON costs in memory and time.
@Suite("JSON cost") struct JSONCostTests {
  /// The limit of the project for the tree of any text: 64 MB and 40 times the text.
  private static func checkMemory(of text: [UInt8]) {
    let before = ResidentMemory.peak
    let value = try? JSON.parse(text)
    let grown = ResidentMemory.peak - before
    let limit = 64_000_000 + 40 * text.count
    precondition(value != nil, "the hostile text is valid")
    precondition(
      grown < 40 * text.count && ResidentMemory.peak < limit,
      "\(text.count) bytes took \(grown), \(Double(grown) / Double(text.count)) times the text")
  }

  /// `piece` again and again, in brackets, about 4 MB.
  private static func list(of piece: String) -> [UInt8] {
    let unit = Array((piece + ",").utf8)
    var text: [UInt8] = [UInt8(ascii: "[")]
    while text.count < 4_000_000 { text += unit }
    text[text.count - 1] = UInt8(ascii: "]")
    return text
  }

  // Each in a process of its own, because the high-water mark is the process's.

  @Test("a list of zeros stays in bounds") func zeros() async {
    await #expect(processExitsWith: .success) { Self.checkMemory(of: Self.list(of: "0")) }
  }

  @Test("a list of empty lists stays in bounds") func emptyLists() async {
    await #expect(processExitsWith: .success) { Self.checkMemory(of: Self.list(of: "[]")) }
  }

  @Test("a list of lists of one stays in bounds") func singleLists() async {
    await #expect(processExitsWith: .success) { Self.checkMemory(of: Self.list(of: "[0]")) }
  }

  @Test("a list of small objects stays in bounds") func smallObjects() async {
    await #expect(processExitsWith: .success) { Self.checkMemory(of: Self.list(of: "{\"\":0}")) }
  }

  @Test("a list of nested objects stays in bounds") func nestedObjects() async {
    await #expect(processExitsWith: .success) {
      let nest = String(repeating: "{\"\":", count: 250) + "0" + String(repeating: "}", count: 250)
      Self.checkMemory(of: Self.list(of: nest))
    }
  }

  @Test("a list of deep nests stays in bounds") func deepNests() async {
    await #expect(processExitsWith: .success) {
      let nest = String(repeating: "[", count: 250) + String(repeating: "]", count: 250)
      Self.checkMemory(of: Self.list(of: nest))
    }
  }

  @Test("a list of short strings stays in bounds") func shortStrings() async {
    await #expect(processExitsWith: .success) {
      Self.checkMemory(of: Self.list(of: "\"0123456789abcdef\""))
    }
  }

  @Test("an object of many keys stays in bounds") func manyKeys() async {
    await #expect(processExitsWith: .success) {
      var text = Array("{".utf8)
      for index in 0..<400_000 { text += Array("\"\(String(index, radix: 36))\":0,".utf8) }
      text[text.count - 1] = UInt8(ascii: "}")
      Self.checkMemory(of: text)
    }
  }

  @Test("a string that is all escapes takes time in proportion to its length")
  func escapes() throws {
    func seconds(_ count: Int) throws -> Double {
      let text = "\"" + String(repeating: "\\n\\u3042", count: count) + "\""
      let start = threadSeconds()
      let value = try JSON.parse(text)
      #expect(value.text().utf8.count == 2 + 5 * count)
      return threadSeconds() - start
    }
    let short = try seconds(20_000)
    let long = try seconds(400_000)
    #expect(long < 20 * 5 * max(short, 1e-3), "\(short) s and \(long) s")
  }

  @Test("documents are parsed and written at 100 MB/s and more")
  func speed() throws {
    let sentences = [
      "The smith of the northern valley keeps \\\"seven\\\" hammers, one for each day.",
      "北の谷の鍛冶屋は、曜日ごとに一本ずつ、七本の槌を持っている（と言われる）。",
    ]
    var lines: [[UInt8]] = []
    for index in 0..<4000 {
      let text = (0..<8).map { sentences[(index + $0 / 4) % 2] }.joined(separator: "\\n")
      lines.append(
        Array(
          #"{"text":"\#(text)","meta":{"id":\#(index),"level":"L1","score":0.\#(index)1}}"#.utf8)
      )
    }
    let bytes = lines.reduce(0) { $0 + $1.count }
    var best = (parse: Double.infinity, write: Double.infinity)
    for _ in 0..<5 {
      let start = threadSeconds()
      let values = try lines.map { try JSON.parse($0) }
      let middle = threadSeconds()
      let written = values.reduce(0) { $0 + $1.bytes().count }
      let end = threadSeconds()
      #expect(written == bytes)
      best = (min(best.parse, middle - start), min(best.write, end - middle))
    }
    let parsing = Double(bytes) / best.parse / 1e6
    let writing = Double(bytes) / best.write / 1e6
    print("JSON: parses \(Format.fixed(parsing, 0)) MB/s, writes \(Format.fixed(writing, 0)) MB/s")
    // Half of the aim, because a machine may be slow or shared.
    #expect(parsing > 50 && writing > 50)
  }
}
