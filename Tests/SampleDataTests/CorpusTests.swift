import Base
import TestSupport
import Testing

@Suite("Sample corpus")
struct CorpusTests {
  let data: SampleData

  init() throws { data = try SampleData.shared.get() }

  @Test("its subsets have their languages and levels")
  func levels() throws {
    let expected: [String: (language: String, levels: Set<String>)] = [
      "ja_wiki": ("ja", ["L1"]), "ja_cc": ("ja", ["L2"]), "ja_kaken": ("ja", ["L3"]),
      "en_wiki": ("en", ["L1"]), "code": ("code", ["L1"]), "zh_wiki": ("zh", ["L1"]),
      "ko_wiki": ("ko", ["L1"]), "heldout": ("ja", ["LX"]), "nouse": ("ja", ["LZ"]),
      "canary": ("ja", ["LX", "LZ"]),
    ]
    var levels: [String: Set<String>] = [:]
    for entry in data.files {
      let subset = try #require(entry["subset"]?.string)
      #expect(entry["language"]?.string == expected[subset]?.language)
      levels[subset, default: []].insert(try #require(entry["level"]?.string))
    }
    #expect(levels == expected.mapValues(\.levels))
    let names = data.files.compactMap { $0["file"]?.string }
    #expect(names.contains { $0.hasSuffix(".jsonl") } && names.contains { $0.hasSuffix(".gz") })
  }

  @Test("all of it is one to two megabytes")
  func size() throws {
    func size(_ path: Path) throws -> Int {
      guard Files.isDirectory(path) else { return try Files.size(path) }
      return try Files.list(path).filter { $0 != "__pycache__" }.reduce(0) {
        try $0 + size(path / $1)
      }
    }
    let bytes = try size(SampleData.folder)
    #expect((1_000_000...2_000_000).contains(bytes))
    #expect((700_000...900_000).contains(data.trainingText.count))
  }

  @Test("at least 200 kB are written by hand, the held-out set wholly")
  func handWritten() {
    let byHand = data.documents.filter(\.isHandWritten).reduce(0) { $0 + $1.text.utf8.count }
    #expect(byHand >= 200_000)
    let guarded = data.documents.filter { ["L3", "LX", "LZ"].contains($0.level) }
    let generated = guarded.filter { !$0.isHandWritten }
    #expect(generated.isEmpty)
  }

  @Test("no document comes twice, no id either")
  func distinct() {
    #expect(Set(data.documents.map(\.id)).count == data.documents.count)
    #expect(Set(data.documents.map(\.text)).count == data.documents.count)
  }

  @Test("xz -9 of the training text keeps at least 0.20 of it")
  func compressibility() throws {
    try withTemporaryFolder { folder in
      let text = data.trainingText
      try Files.write(text, to: folder / "text")
      let packed: (status: Int, output: [UInt8])
      do { packed = try Subprocess.run(["xz", "-9", "-c", (folder / "text").string]) } catch {
        print("skipped: no program xz here (Debian: xz-utils)")
        return
      }
      #expect(packed.status == 0)
      #expect(Double(packed.output.count) >= 0.20 * Double(text.count))
    }
  }

  @Test("a canary word stands 50 times in its document and nowhere else")
  func canaries() throws {
    let canaries = data.documents.filter { $0.subset == "canary" }
    #expect(canaries.map(\.level).sorted() == ["LX", "LZ"])
    let passages = data.passages
    for (canary, word) in zip(canaries.sorted { $0.level < $1.level }, ["グヅメリポ", "ヌャボセド"]) {
      #expect(canary.text.split(separator: word, omittingEmptySubsequences: false).count == 51)
      let elsewhere = passages.filter { $0.name != canary.id && $0.text.contains(word) }
      #expect(elsewhere.map(\.name) == [])
    }
  }

  @Test("no 24 characters of L3, LX or LZ stand in another level, a pair or a task")
  func overlap() {
    let passages = data.passages
    for level in ["L3", "LX", "LZ"] {
      var guarded = Set<UInt64>()
      for passage in passages where passage.level == level {
        for (_, hash) in Windows(passage.text) { guarded.insert(hash) }
      }
      #expect(!guarded.isEmpty)
      for passage in passages where passage.level != level {
        if let (start, _) = Windows(passage.text).first(where: { guarded.contains($0.hash) }) {
          let shared = passage.text.unicodeScalars.dropFirst(start).prefix(Windows.width)
          Issue.record(
            "\(level) shares \"\(String(shared))\" with \(passage.level) \(passage.name)")
        }
      }
    }
  }

  @Test("the generator writes what is committed")
  func reproducible() throws {
    let script = SampleData.folder / "make" / "make.py"
    guard (try? Subprocess.run(["python3", "--version"]))?.status == 0 else {
      print("skipped: no python3 here")
      return
    }
    #expect(try Subprocess.run(["python3", "-B", script.string, "--check"]).status == 0)
  }
}

/// The runs of 24 Unicode scalars of a text, as places and rolling hashes.
///
/// hash = Σ scalarᵢ · baseⁿ⁻¹⁻ⁱ modulo 2⁶⁴, with an odd base.
struct Windows: Sequence, IteratorProtocol {
  static let width = 24
  private static let base: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let highest = (1..<width).reduce(UInt64(1)) { power, _ in power &* base }

  private let scalars: [UInt64]
  private var start = 0
  private var hash: UInt64 = 0

  init(_ text: String) { scalars = text.unicodeScalars.map { UInt64($0.value) &+ 1 } }

  mutating func next() -> (start: Int, hash: UInt64)? {
    guard start + Self.width <= scalars.count else { return nil }
    if start == 0 {
      hash = scalars.prefix(Self.width).reduce(0) { $0 &* Self.base &+ $1 }
    } else {
      let without = hash &- scalars[start - 1] &* Self.highest
      hash = without &* Self.base &+ scalars[start + Self.width - 1]
    }
    start += 1
    return (start - 1, hash)
  }
}
