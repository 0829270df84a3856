import Base
import TestSupport
import Testing

@testable import Lab

@Suite("Run record") struct RunRecordTests {
  /// A reader that has read everything in `folder`.
  private func read(_ folder: Path) -> RunReader {
    var reader = RunReader(folder)
    reader.refresh()
    return reader
  }

  private func segment(_ folder: Path, _ place: Int = 0) throws -> Path {
    folder / (try Files.list(folder)[place])
  }

  @Test func `what is written is read`() throws {
    try withTemporaryFolder { folder in
      let writer = try RunWriter(folder, goingOnFrom: 0, job: "job 7")
      writer.event(.start, step: 0, "begins", data: ["seed": 3])
      for step in 1...1000 {
        var values = [("loss", 1 / Double(step)), ("learning_rate", 0.5)]
        if step % 100 == 0 { values.append(("validation_loss", Double(step))) }
        writer.record(step: step, values)
      }
      writer.record(step: 1001, [("loss", .nan), ("learning_rate", .infinity)])
      try writer.end(.finished, step: 1001, "all done")
      let reader = read(folder)
      #expect(reader.problems.isEmpty)
      #expect(reader.metrics == ["loss", "learning_rate", "validation_loss"])
      let loss = try #require(reader["loss"])
      #expect(loss.count == 1001)
      // Values come back bit by bit: 1/3 needs all of a double.
      #expect(loss.value(at: 3) == 1.0 / 3)
      #expect(loss.last?.isNaN == true)
      #expect(loss.summary.nonFinite == 1)
      #expect(loss.summary.minimum == 0.001)
      #expect(reader["learning_rate"]?.last == .infinity)
      #expect(reader["validation_loss"]?.points(0..<350).map(\.step) == [100, 200, 300])
      #expect(reader.lastStep == 1001)
      #expect(reader.events.map(\.kind) == [.start, .end])
      #expect(reader.events[0].data["seed"]?.int == 3)
      #expect(reader.events[1].text == "finished: all done")
      #expect(reader.segmentHeaders.map(\.job) == ["job 7"])
      #expect(reader.segmentHeaders[0].writer == .current)
      let now = Timestamp.now().seconds
      #expect(abs((reader.times.last ?? 0) - now) < 60)
      // Blocks of many steps, not a row a point.
      #expect(try Files.size(segment(folder)) < 25_000)
    }
  }

  @Test func `values have the time they are given, and may come late`() throws {
    try withTemporaryFolder { folder in
      let writer = try RunWriter(folder, goingOnFrom: 0)
      for step in 1...5 { writer.record(step: step, [("loss", 1)], time: 1000.5 + Double(step)) }
      writer.record(step: 3, [("validation_loss", 2)], time: 2000)
      writer.event(.spike, step: 2, "late", time: 1500)
      writer.record(step: 6, [("loss", 1)], time: .nan)
      try writer.flush()
      let reader = read(folder)
      #expect(reader.times.values.prefix(5) == [1001.5, 1002.5, 1003.5, 1004.5, 1005.5])
      #expect(abs(reader.times.values[5] - Timestamp.now().seconds) < 60)
      #expect(reader["validation_loss"]?.points(0..<9) == [Point(step: 3, value: 2)])
      #expect(reader["loss"]?.count == 6 && reader.superseded("loss").isEmpty)
      #expect(reader.events[0].time.seconds == 1500)
      var block = OpenBlock()
      for step in [5, 3] { block.append(step: step, time: 0, metrics: [0], values: [0]) }
      #expect(block.lastStep == 5, "what a segment after a torn one goes on from")
    }
  }

  @Test func `a watch reads a large run piece by piece`() throws {
    try withTemporaryFolder { folder in
      let writer = try RunWriter(folder, goingOnFrom: 0)
      for step in 1...8000 {
        writer.record(step: step, (0..<50).map { ("m\($0)", 1 / Double(step + $0)) })
      }
      try writer.flush()
      let watch = RunWatch(folder)
      #expect(watch.refreshPiece())
      #expect((1000..<7000).contains(watch.read { $0.lastStep ?? 0 }))
      #expect(watch.refresh() && watch.read { $0.lastStep } == 8000)
    }
  }

  @Test func `a segment that ends within a record is told of once nobody can complete it`() throws {
    try withTemporaryFolder { folder in
      let current = ProcessIdentity.current
      func write(from step: Int, by startTime: Int) throws -> Path {
        let process = ProcessIdentity(
          host: current.host, bootID: current.bootID, pid: current.pid, startTime: startTime)
        let before = Set(try Files.list(folder))
        let writer = try RunWriter(folder, goingOnFrom: step, writer: process)
        writer.record(step: step + 1, [("loss", 1)])
        writer.event(.spike, step: step + 1, "up")
        try writer.flush()
        let new = try #require(try Files.list(folder).first { !before.contains($0) })
        return folder / new
      }
      func cut(_ path: Path) throws { try Files.write(Files.read(path).dropLast(5) + [], to: path) }
      let alive = try write(from: 0, by: current.startTime)
      try cut(alive)
      #expect(read(folder).problems.isEmpty)
      try cut(try write(from: 1, by: 1))
      let problems = read(folder).problems
      #expect(problems.count == 2)
      #expect(problems.allSatisfy { $0.contains("ends within a record") })
      #expect(read(folder).lastStep == 2)
    }
  }

  @Test func `numbers and texts at their limits do not bring the writer down`() throws {
    try withTemporaryFolder { folder in
      try Files.write("", to: folder / "9223372036854775807-host-1")
      try Files.write("", to: folder / "99999999999999999999-host-1")
      let writer = try RunWriter(folder, goingOnFrom: 0)
      // One character of two megabytes.
      writer.event(.warning, step: 1, "a" + String(repeating: "\u{301}", count: 1 << 20))
      writer.record(step: .max, [("loss", 1)])
      writer.record(step: 2, [("loss", 2)])
      try writer.flush()
      #expect(try Files.list(folder).contains { $0.hasPrefix("0001-") })
      #expect(read(folder).events.count == 1)
    }
  }

  @Test func `a resume supersedes the later steps`() throws {
    try withTemporaryFolder { folder in
      do {
        let writer = try RunWriter(folder, goingOnFrom: 0)
        for step in 1...150 { writer.record(step: step, [("loss", Double(step))]) }
        writer.event(.spike, step: 120, "up")
      }
      let before = read(folder)
      #expect(before["loss"]?.count == 150)
      #expect(before.spikes == 1)
      let writer = try RunWriter(folder, goingOnFrom: 100)
      let begun = read(folder)
      #expect(begun["loss"]?.count == 100)
      #expect(begun.superseded("loss").map(\.step) == Array(101...150))
      #expect(begun.spikes == 0)
      #expect(begun.events.map(\.isSuperseded) == [true])
      for step in 101...130 { writer.record(step: step, [("loss", -Double(step))]) }
      try writer.flush()
      for reader in [
        read(folder),
        {
          var old = before; old.refresh(); return old
        }(),
      ] {
        #expect(reader["loss"]?.count == 130)
        #expect(reader["loss"]?.value(at: 100) == 100)
        #expect(reader["loss"]?.value(at: 101) == -101)
        #expect(reader["loss"]?.summary.minimum == -130)
        #expect(reader["loss"]?.summary.maximum == 100)
        #expect(reader.superseded("loss").count == 50)
      }
      try writer.rollBack(to: 110)
      writer.record(step: 111, [("loss", 7)])
      try writer.flush()
      let after = read(folder)
      #expect(after["loss"]?.count == 111)
      #expect(after["loss"]?.last == 7)
      #expect(after.superseded("loss").count == 70)
      #expect(after.segmentHeaders.map(\.from) == [0, 100, 110])
    }
  }

  @Test func `what an earlier process told after the step gone on from counts no more`() throws {
    try withTemporaryFolder { folder in
      do {
        let writer = try RunWriter(folder, goingOnFrom: 0)
        for step in 1...103 { writer.record(step: step, [("loss", Double(step))]) }
        writer.event(.spike, step: 50, "up", data: ["told": 52])
        writer.event(.spike, step: 100, "up", data: ["told": 102])
      }
      #expect(read(folder).spikes == 2)
      let writer = try RunWriter(folder, goingOnFrom: 100)
      #expect(read(folder).events.map(\.isSuperseded) == [false, true])
      writer.event(.spike, step: 100, "up", data: ["told": 102])
      try writer.flush()
      #expect(read(folder).spikes == 2)
    }
  }

  @Test func `a segment cut at any byte gives what is whole, and the rest once it comes`() throws {
    try withTemporaryFolder { folder in
      let full = folder / "full"
      let writer = try RunWriter(full, goingOnFrom: 0)
      for block in 0..<4 {
        for step in 1...5 { writer.record(step: block * 5 + step, [("loss", Double(step))]) }
        writer.event(.checkpoint, step: block * 5 + 5, "saved")
      }
      let file = try segment(full)
      let bytes = try Files.read(file)
      let truth = read(full)
      var counts: Set<Int> = []
      for length in 0...bytes.count {
        let cut = folder / "cut-\(length)"
        try Files.makeDirectory(cut)
        let append = try AppendFile(creating: cut / file.name)
        try append.append(Array(bytes[..<length]))
        var reader = read(cut)
        let count = reader["loss"]?.count ?? 0
        #expect(count % 5 == 0)
        #expect(reader.problems.isEmpty)
        counts.insert(count)
        // A reader that met the torn end goes on when the rest is there.
        try append.append(Array(bytes[length...]))
        reader.refresh()
        #expect(reader["loss"]?.values == truth["loss"]?.values)
        #expect(reader.events == truth.events)
        append.close()
        try Files.remove(cut)
      }
      #expect(counts == [0, 5, 10, 15, 20])
    }
  }

  @Test func `damage ends its segment only, and is tried again`() throws {
    try withTemporaryFolder { folder in
      do {
        let writer = try RunWriter(folder, goingOnFrom: 0)
        writer.record(step: 1, [("loss", 1)])
        try writer.flush()
        writer.record(step: 2, [("loss", 2)])
      }
      let file = try segment(folder)
      let good = try Files.read(file)
      // As a network file system shows an append whose bytes are not there yet.
      let damaged = good.dropLast(4) + [0, 0, 0, 0]
      try Files.write(Array(damaged), to: file)
      let writer = try RunWriter(folder, goingOnFrom: 5)
      writer.record(step: 6, [("loss", 6)])
      try writer.flush()
      var reader = read(folder)
      #expect(reader["loss"]?.points(0..<100).map(\.step) == [1, 6])
      #expect(reader.problems.count == 1)
      try Files.write(good, to: file)
      reader.refresh()
      #expect(reader["loss"]?.points(0..<100).map(\.step) == [1, 2, 6])
      #expect(reader.problems.isEmpty)
    }
  }

  @Test func `what a late segment of before brings is put in its place`() throws {
    try withTemporaryFolder { folder in
      for from in [0, 10, 20] {
        let writer = try RunWriter(folder / "all", goingOnFrom: from)
        for step in from + 1...from + 12 {
          writer.record(step: step, [("loss", Double(from + step))])
        }
      }
      let names = try Files.list(folder / "all")
      #expect(names.count == 3)
      let truth = read(folder / "all")
      #expect(truth["loss"]?.count == 32)
      try Files.makeDirectory(folder / "late")
      var reader = RunReader(folder / "late")
      for name in [names[2], names[0], names[1]] {
        try Files.copy(folder / "all" / name, to: folder / "late" / name)
        reader.refresh()
      }
      #expect(reader["loss"]?.values == truth["loss"]?.values)
      #expect(reader.superseded("loss") == truth.superseded("loss"))
    }
  }

  @Test func `unknown kinds are skipped, senseless records counted, foreign files ignored`() throws
  {
    try withTemporaryFolder { folder in
      do {
        let writer = try RunWriter(folder, goingOnFrom: 0)
        writer.record(step: 1, [("loss", 1)])
      }
      let file = try segment(folder)
      var bytes = try Files.read(file)
      bytes += record(200, [1, 2, 3])
      bytes += record(3, [255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 7])
      bytes += RecordFrame.bytes(
        .event, RunEvent(step: 2, kind: .warning, text: "after").payload)
      try Files.write(bytes, to: file)
      try Files.write("notes", to: folder / "README")
      try Files.write([], to: folder / "0009-host-1")
      let reader = read(folder)
      #expect(reader.events.map(\.text) == ["after"])
      #expect(reader["loss"]?.count == 1)
      #expect(reader.problems.count == 1)
    }
  }

  /// A record of a kind that need not be known.
  private func record(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(payload.count), 0, 0, 0, kind] + payload
    let sum = crc32c(bytes)
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }
    return bytes
  }

  @Test func `the bytes are those that docs/run-record.md gives`() throws {
    let header = SegmentHeader(
      from: 300, time: 0.5,
      writer: ProcessIdentity(host: "n1", bootID: "ab", pid: 5, startTime: 128), job: "j")
    func joined(_ parts: [String]) -> String { parts.joined() }
    let record = hexadecimal(RecordFrame.bytes(.segment, header.payload))
    #expect(
      String(record.dropLast(8))
        == joined([
          "1e000000", "01", "6b616a6972756e31", "01", "ac02", "000000000000e03f", "026e31",
          "026162", "05", "8001", "016a",
        ]))
    let sum = crc32c(Array(RecordFrame.bytes(.segment, header.payload).dropLast(4)))
    #expect(
      String(record.suffix(8))
        == hexadecimal([0, 8, 16, 24].map { (shift: UInt32) in UInt8(sum >> shift & 255) }))
    var block = MetricBlock()
    block.steps = [7, 8, 10]
    block.times = [1000, 1010, 1005]
    block.columns = [
      .init(metric: 0, present: nil, values: [1, 2, 0.5]),
      .init(metric: 1, present: [true, false, true], values: [0.1, 1]),
    ]
    #expect(
      hexadecimal(block.payload)
        == joined([
          "0302", "070204", "e807", "1409", "0001", "0000803f", "00000040", "0000003f", "0102",
          "05", "9a9999999999b93f", "000000000000f03f",
        ]))
    let event = RunEvent(step: 130, kind: .lr, text: "é", data: ["a": 1], milliseconds: 5)
    #expect(
      hexadecimal(event.payload)
        == joined(["8201", "05", "026c72", "02c3a9", "077b2261223a317d"]))
  }

  @Test func `numbers of every size survive`() throws {
    var random = SeededGenerator(9)
    for _ in 0..<2000 {
      let bits = random.next() >> UInt64.random(in: 0...63, using: &random)
      var writer = ByteWriter()
      writer.put(varint: bits)
      writer.put(signed: Int(bitPattern: UInt(bits)))
      writer.put(signed: -Int(bits >> 1))
      var reader = ByteReader(writer.bytes, 0..<writer.bytes.count)
      #expect(try reader.varint() == bits)
      #expect(try reader.signed() == Int(bitPattern: UInt(bits)))
      #expect(try reader.signed() == -Int(bits >> 1))
      #expect(reader.left == 0)
    }
  }
}
