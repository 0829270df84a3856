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

  @Test("invalid UTF-8 and halves of surrogate pairs are repaired and said") func repair() throws {
    let bytes = Array("{\"a\":\"x".utf8) + [0xFF, 0xE3, 0x81] + Array("y\"}\n{\"a\":\"z\"}\n".utf8)
    let lines = try JSONLinesTests.read(bytes)
    #expect(lines[0].repair == .invalidUTF8)
    #expect(lines[0].content == .value(["a": "x\u{FFFD}\u{FFFD}y"]))
    #expect(lines[1].repair == nil)
    let halves = ["\\ud83d", "x\\ude00", "\\ud83d\\u0041", "\\ud83d\\ude00"]
    let escaped = try JSONLinesTests.read(
      Array(halves.map { "\"\($0)\"" }.joined(separator: "\n").utf8))
    #expect(
      escaped.map(\.content) == ["\u{FFFD}", "x\u{FFFD}", "\u{FFFD}A", "😀"].map { .value($0) })
    #expect(escaped.map(\.repair) == [.loneSurrogate, .loneSurrogate, .loneSurrogate, nil])
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

  @Test(
    "reads gzip of several members and bzip2 of several streams, whatever their names",
    arguments: ["gz", "bz2"])
  func members(_ suffix: String) throws {
    try withTemporaryFolder { folder in
      let path = folder / "named.txt"
      try Files.copy(JSONLinesTests.goldens / "members.jsonl.\(suffix)", to: path)
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

  /// Damage in the lines themselves, plain or packed again after it; and damage in the packed bytes.
  @Test("survives damaged files") func fuzz() throws {
    try withTemporaryFolder { folder in
      let path = folder / "f"
      let lines = (0..<40).map { "{\"text\":\"澪津島 \($0)\",\"meta\":{\"n\":\($0)}}\n" }.joined()
      try Self.pack(Array(lines.utf8), at: path)
      var packed = Fuzzer(
        seeds: [
          try Files.read(path), try Files.read(JSONLinesTests.goldens / "members.jsonl.gz"),
          try Files.read(JSONLinesTests.goldens / "members.jsonl.bz2"),
        ], header: 12)
      let words = ["\n", "\r\n", "{\"text\":\"", "\"}", "\\ud83d", "\u{FEFF}", "[[[["]
      var fuzzer = Fuzzer(
        seeds: [Array(lines.utf8), Array("{\"text\":1}\n2\n".utf8)], words: words)
      var round = 0
      // An input got far if a line of it is JSON.
      try fuzzer.run { bytes in
        round += 1
        switch round % 3 {
        case 0: try Self.put(packed.next(), at: path)
        case 1: try Self.pack(bytes, at: path)
        default: try Self.put(bytes, at: path)
        }
        var values = 0
        do {
          var reader = try JSONLinesReader(path)
          while let line = try reader.next() {
            if case .value = line.content { values += 1 }
          }
        } catch is Failure {}
        return values > 0
      }
    }
  }

  /// Writes bytes in the place of a file, without waiting for the disk.
  static func put(_ bytes: [UInt8], at path: Path) throws {
    try? Files.remove(path)
    let file = try AppendFile(creating: path)
    try file.append(bytes)
    file.close()
  }

  /// Writes bytes as zstd in the place of a file.
  static func pack(_ bytes: [UInt8], at path: Path) throws {
    try? Files.remove(path)
    let writer = try SeekableZstdWriter(creating: path, frameSize: 1 << 10)
    for start in stride(from: 0, to: bytes.count, by: 256) {
      try writer.append(Array(bytes[start..<min(bytes.count, start + 256)]))
    }
    try writer.finish()
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

  /// Damage in the frames, in the table's idea of them, in both, and in the text before it is packed.
  @Test("survives damaged files") func fuzz() throws {
    try withTemporaryFolder { folder in
      let path = folder / "s.zst"
      let plain = try SeekableZstdTests.sample(path, records: 200).flatMap { $0 }
      let whole = try Files.read(path)
      let table = whole.suffix(8 + 8 * Int(whole[whole.count - 9]) + 9)
      try #require(table.starts(with: [0x5E, 0x2A, 0x4D, 0x18]))
      let frames = Array(whole.dropLast(table.count))
      var files = Fuzzer(seeds: [whole])
      var contents = Fuzzer(seeds: [plain])
      var random = SeededGenerator(5)
      var round = 0
      // An input got far if its table was taken and a frame of it read.
      var fuzzer = Fuzzer(seeds: [frames])
      try fuzzer.run { damaged in
        round += 1
        switch round % 4 {
        case 0: try JSONLinesTests.put(files.next(), at: path)
        case 1:
          let padding = [UInt8](repeating: 0, count: max(0, frames.count - damaged.count))
          try JSONLinesTests.put(Array((damaged + padding)[..<frames.count]) + table, at: path)
        case 2:
          let moved = Self.moved(Array(table), using: &random)
          try JSONLinesTests.put(frames + moved, at: path)
        default:
          let content = contents.next()
          try JSONLinesTests.pack(content, at: path)
          #expect(try SeekableZstdFile(path).read(0..<content.count) == content)
        }
        guard let file = try? SeekableZstdFile(path) else { return false }
        var read = 0
        for start in stride(from: 0, to: min(file.count, 1 << 20), by: 512) {
          if (try? file.read(start..<min(file.count, start + 512))) != nil { read += 1 }
        }
        return read > 0
      }
    }
  }

  /// A table that gives bytes of one frame to the next: packed ones, or plain ones.
  private static func moved(_ table: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var table = table
    let frames = (table.count - 8 - 9) / 8
    let field = 8 + 4 * Int.random(in: 0..<2 * (frames - 1), using: &random)
    func value(_ place: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(table[place + $1]) << (8 * $1) }
    }
    let count = Int.random(in: 1...value(field), using: &random)
    for (place, new) in [(field, value(field) - count), (field + 8, value(field + 8) + count)] {
      for byte in 0..<4 { table[place + byte] = UInt8(truncatingIfNeeded: new >> (8 * byte)) }
    }
    return table
  }
}
