import Base
import TestSupport
import Testing

@testable import Lab

@Suite("Damaged run records") struct RunFuzzTests {
  @Test func `no bytes bring the reader down`() throws {
    try withTemporaryFolder { folder in
      let run = folder / "run"
      let writer = try RunWriter(run, goingOnFrom: 3)
      writer.event(.start, step: 3, "begins", data: ["a": [1, 2]])
      for step in 4...40 {
        writer.record(step: step, [("loss", 1 / Double(step)), ("tokens", Double(step))])
        if step % 9 == 0 { writer.record(step: step, [("validation_loss", 2)]) }
      }
      writer.event(.spike, step: 40, "up")
      writer.record(step: 41, [("loss", .nan)])
      try writer.flush()
      let name = try Files.list(run)[0]
      let payloads = Self.payloads(try Files.read(run / name))
      let inputs = payloads.map { [$0.kind] + $0.payload }
      var fuzzer = Fuzzer(seeds: inputs, header: 1)
      let place = folder / "fuzz"
      try Files.makeDirectory(place)
      var next = 0
      var (accepted, refused) = (0, 0)
      fuzzer.run { input in
        // One damaged payload among sound ones, its checksum right: the damage gets past the frame.
        var bytes: [UInt8] = []
        let target = next % payloads.count
        next += 1
        for (index, record) in payloads.enumerated() {
          let isTarget = index == target && !input.isEmpty
          bytes += Self.frame(
            isTarget ? input[0] : record.kind, isTarget ? Array(input.dropFirst()) : record.payload)
        }
        do {
          try Files.remove(place / name)
          let file = try AppendFile(creating: place / name)
          try file.append(bytes)
        } catch {
          Issue.record(error)
        }
        var reader = RunReader(place)
        reader.refresh()
        for metric in reader.metrics {
          _ = reader[metric]?.columns(0..<1000, count: 10)
          _ = reader[metric]?.summary.json.text()
        }
        guard !reader.segmentHeaders.isEmpty else { return false }
        if reader.problems.isEmpty { accepted += 1 } else { refused += 1 }
        // The records behind the damaged one were read as well.
        return target == payloads.count - 1 || reader.lastStep.map { $0 >= 41 } == true
      }
      #expect(accepted > 20 && refused > 20)
    }
  }

  @Test func `no bytes of any kind are taken for a record`() throws {
    let record = RecordFrame.bytes(.event, RunEvent(step: 1, kind: .start, text: "x").payload)
    var fuzzer = Fuzzer(seeds: [record + record])
    fuzzer.run(seconds: 0.5) { damaged in
      let input = Self.mended(damaged)
      var place = 0
      while case .record(_, let payload, let next) = RecordFrame.find(in: input, at: place) {
        #expect(payload.upperBound + 4 == next && next <= input.count)
        var reader = ByteReader(input, payload)
        _ = try? RunEvent(&reader)
        place = next
      }
      return place > 0
    }
  }

  /// The kinds and payloads of a segment.
  private static func payloads(_ bytes: [UInt8]) -> [(kind: UInt8, payload: [UInt8])] {
    var found: [(kind: UInt8, payload: [UInt8])] = []
    var place = 0
    while case .record(let kind, let payload, let next) = RecordFrame.find(in: bytes, at: place) {
      found.append((kind, Array(bytes[payload])))
      place = next
    }
    return found
  }

  /// With the checksum of the first record right, if its length fits.
  private static func mended(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 9 else { return bytes }
    let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    guard length <= bytes.count - 9 else { return bytes }
    let record = frame(bytes[4], Array(bytes[5..<5 + length]))
    return record + bytes[record.count...]
  }

  private static func frame(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
    var bytes = (0..<4).map { UInt8(truncatingIfNeeded: payload.count >> (8 * $0)) }
    bytes += [kind] + payload
    let sum = crc32c(bytes)
    return bytes + (0..<4).map { UInt8(truncatingIfNeeded: sum >> UInt32(8 * $0)) }
  }
}
