import Base
import Formats
import TestSupport
import Testing

@Suite("JSON lines") struct JSONLinesTests {
  static let goldens = Path(#filePath).parent / "Goldens"

  static func read(_ path: Path, lineLimit: Int = 1 << 20) throws -> [JSONLine] {
    var reader = try JSONLinesReader(path, lineLimit: lineLimit)
    var lines: [JSONLine] = []
    while let line = try reader.next() { lines.append(line) }
    return lines
  }

  static func read(_ bytes: [UInt8], lineLimit: Int = 1 << 20) throws -> [JSONLine] {
    try withTemporaryFolder { folder in
      let path = folder / "lines.jsonl"
      try Files.write(bytes, to: path)
      return try read(path, lineLimit: lineLimit)
    }
  }

  @Test("a malformed line costs that line only") func malformed() throws {
    let text = "\u{FEFF}{\"a\": 1}\n{\"a\": \n\n  \r\n[2]\r\n{\"b\":\"x\ny\"}\n\"last\""
    let lines = try JSONLinesTests.read(Array(text.utf8))
    #expect(lines.map(\.number) == [1, 2, 5, 6, 7, 8])
    #expect(lines[0].content == .value(["a": 1]))
    #expect(lines[2].content == .value([2]))
    #expect(lines[5].content == .value("last"))
    for index in [1, 3, 4] {
      guard case .malformed = lines[index].content else {
        Issue.record("line \(lines[index].number) should be malformed")
        continue
      }
    }
  }

  @Test("invalid UTF-8 is repaired and said") func repair() throws {
    let bytes = Array("{\"a\":\"x".utf8) + [0xFF, 0xE3, 0x81] + Array("y\"}\n{\"a\":\"z\"}\n".utf8)
    let lines = try JSONLinesTests.read(bytes)
    #expect(lines[0].isRepaired)
    #expect(lines[0].content == .value(["a": "x\u{FFFD}\u{FFFD}y"]))
    #expect(!lines[1].isRepaired)
  }

  @Test("a line over the limit is skipped, at any place of a buffer") func longLine() throws {
    let long = "\"" + String(repeating: "x", count: 700_000) + "\""
    let lines = try JSONLinesTests.read(
      Array("1\n\(long)\n2\n\(long)".utf8), lineLimit: 300_000)
    #expect(lines.count == 4)
    #expect(lines[2].content == .value(2))
    #expect(lines[2].number == 3)
    guard case .malformed = lines[1].content, case .malformed = lines[3].content else {
      Issue.record("the long lines should be malformed")
      return
    }
    #expect(try JSONLinesTests.read(Array(long.utf8)).count == 1)
  }

  @Test("reads gzip of several members, whatever its name") func gzip() throws {
    try withTemporaryFolder { folder in
      let path = folder / "named.txt"
      try Files.copy(JSONLinesTests.goldens / "members.jsonl.gz", to: path)
      let lines = try JSONLinesTests.read(path)
      #expect(lines.count == 400)
      #expect(lines[2].content == .value(["text": "島の文書 2", "meta": ["n": 2]]))
      #expect(lines[399].content == .value(["text": "document 399", "meta": [:]]))
    }
  }

  @Test("a truncated file says so", arguments: [30, 700, 1000])
  func truncated(_ length: Int) throws {
    try withTemporaryFolder { folder in
      let bytes = try Files.read(JSONLinesTests.goldens / "members.jsonl.gz")
      let path = folder / "cut.jsonl.gz"
      try Files.write(Array(bytes[..<length]), to: path)
      let error = #expect(throws: Failure.self) { try JSONLinesTests.read(path) }
      #expect(error?.problem.contains("cut.jsonl.gz ends within its gzip data") == true)
      #expect(error?.remedy.contains("cut short") == true)
    }
  }

  @Test("refuses a decompression bomb") func bomb() throws {
    let path = JSONLinesTests.goldens / "zeros.gz"
    let reader = try ContentReader(path, limits: DecompressionLimits(allowance: 1 << 20))
    var bytes: [UInt8] = []
    let error = #expect(throws: Failure.self) {
      while try reader.read(into: &bytes) > 0 {}
    }
    #expect(error?.problem.contains("bomb") == true)
    #expect(bytes.count < 2 << 20)
    let generous = try ContentReader(path)
    var total: [UInt8] = []
    while try generous.read(into: &total) > 0 {}
    #expect(total.count == 4_000_000)
  }

  @Test("survives damaged files") func fuzz() throws {
    try withTemporaryFolder { folder in
      let path = folder / "f"
      let writer = try SeekableZstdWriter(creating: path, frameSize: 1000)
      for index in 0..<100 { try writer.append(Array("{\"text\":\"text \(index)\"}\n".utf8)) }
      try writer.finish()
      let seeds = [
        try Files.read(path), try Files.read(JSONLinesTests.goldens / "members.jsonl.gz"),
        Array("{\"text\":\"澪津島\",\"meta\":{}}\n{\"text\":1}\n".utf8),
      ]
      var fuzzer = Fuzzer(seeds: seeds, header: 12, words: ["\n", "{\"text\":\"", "\"}"])
      fuzzer.run { bytes in
        do {
          try? Files.remove(path)
          let raw = try AppendFile(creating: path)
          try raw.append(bytes)
          raw.close()
          var reader = try JSONLinesReader(path)
          var lines = 0
          do { while try reader.next() != nil { lines += 1 } } catch { return lines > 0 }
          return true
        } catch { return false }
      }
    }
  }
}

@Suite("Seekable zstd") struct SeekableZstdTests {
  static func sample(_ path: Path, records: Int = 500) throws -> [[UInt8]] {
    let records = (0..<records).map { Array("record \($0) of the island\n".utf8) }
    let writer = try SeekableZstdWriter(creating: path, frameSize: 1 << 10)
    for record in records { try writer.append(record) }
    try writer.finish()
    #expect(try Files.size(path) == writer.compressedCount)
    return records
  }

  @Test("any record is read without those before it, and the whole as one stream")
  func ranges() throws {
    try withTemporaryFolder { folder in
      let path = folder / "s.zst"
      let records = try SeekableZstdTests.sample(path)
      let file = try SeekableZstdFile(path)
      let whole = records.flatMap { $0 }
      #expect(file.count == whole.count)
      var start = 0
      for record in records {
        #expect(try file.read(start..<start + record.count) == record)
        start += record.count
      }
      #expect(try file.read(100..<5000) == Array(whole[100..<5000]))
      #expect(try file.read(0..<0) == [])
      #expect(throws: Failure.self) { try file.read(0..<whole.count + 1) }
      let reader = try ContentReader(path)
      var streamed: [UInt8] = []
      while try reader.read(into: &streamed) > 0 {}
      #expect(streamed == whole)
      #expect(reader.compression == .zstd)
    }
  }

  @Test("an empty file has no records") func empty() throws {
    try withTemporaryFolder { folder in
      let path = folder / "e.zst"
      _ = try SeekableZstdTests.sample(path, records: 0)
      #expect(try SeekableZstdFile(path).count == 0)
      #expect(try SeekableZstdFile(path).read(0..<0) == [])
    }
  }

  @Test("survives damaged files") func fuzz() throws {
    try withTemporaryFolder { folder in
      let path = folder / "s.zst"
      _ = try SeekableZstdTests.sample(path, records: 200)
      let whole = try Files.read(path)
      let table = whole.suffix(8 + 8 * Int(whole[whole.count - 9]) + 9)
      try #require(table.starts(with: [0x5E, 0x2A, 0x4D, 0x18]))
      var round = 0
      // The frames alone, so that the table still fits as long as their length stays; then the table with them.
      var frames = Fuzzer(seeds: [Array(whole.dropLast(table.count))])
      var fuzzer = Fuzzer(seeds: [whole])
      fuzzer.run { damaged in
        do {
          round += 1
          var bytes = damaged
          if round % 4 != 0 {
            bytes = frames.next()
            while bytes.count < whole.count - table.count { bytes.append(0) }
            bytes = Array(bytes.prefix(whole.count - table.count)) + table
          }
          try? Files.remove(path)
          let raw = try AppendFile(creating: path)
          try raw.append(bytes)
          raw.close()
          let file = try SeekableZstdFile(path)
          var position = 0
          while position < file.count {
            let end = min(file.count, position + 4096)
            _ = try? file.read(position..<end)
            position = end
            if position > 1 << 20 { break }
          }
          return true
        } catch { return false }
      }
    }
  }
}
