import Base
import TestSupport
import Testing

/// The sample files of malformed lines, against the list beside them of what each line is.
@Suite("Malformed sample lines") struct MalformedSampleTests {
  private static let folder = repositoryRoot / "sample-data/malformed"

  @Test(arguments: ["malformed.jsonl", "bom-crlf.jsonl"])
  func `each line is taken, mended or skipped as expected`(name: String) throws {
    let expected = try #require(JSON.read(Self.folder / "expected.json")[name])
    func lines(_ key: String) throws -> [Int] {
      try #require(expected[key]?.array).map { try #require($0.int) }
    }
    let (good, repairable, bad) = try (lines("good"), lines("repairable"), lines("bad"))
    try withTemporaryFolder { folder in
      let kaji = Kaji(folder: folder)
      _ = try kaji.json("init", "w")
      let report = try kaji.json(
        "corpus", "import", "m", (Self.folder / name).string, "--subset", "s", "--language", "ja",
        "--level", "L1", "--workspace", "w")
      #expect(report["documents"]?.int == good.count + repairable.count)
      #expect(report["malformed"]?.int == bad.count)

      let quarantine = folder / "w/corpora/m/v0001/quarantine.jsonl"
      let records =
        Files.exists(quarantine)
        ? try String(decoding: Files.read(quarantine), as: UTF8.self).split(separator: "\n")
          .map { try JSON.parse(Array($0.utf8)) } : []
      func quarantined(_ action: String) -> [Int] {
        records.filter { $0["action"]?.string == action }.compactMap { $0["line"]?.int }.sorted()
      }
      #expect(quarantined("skipped") == bad)
      #expect(quarantined("repaired") == repairable)
    }
  }
}
