import Base
import Formats
import TestSupport
import Testing

@Suite("Safetensors") struct SafetensorsTests {
  static let peer = Path(#filePath).parent / "Goldens" / "peer.safetensors"

  /// A file of two tensors, header included.
  static func sample() throws -> [UInt8] {
    try withTemporaryFolder { folder in
      let path = folder / "s.safetensors"
      try SafetensorsWriter.write(
        [
          SafetensorsSource("x", [1, 2, 3, 4], shape: [2, 2]),
          SafetensorsSource("y", [1, 2], shape: [2], type: .bf16),
        ], to: path)
      return try Files.read(path)
    }
  }

  /// A file with this header and `data` zero bytes after it.
  static func file(_ header: String, data: Int = 0) -> [UInt8] {
    let text = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
      + [UInt8](repeating: 0, count: data)
  }

  static func open(_ bytes: [UInt8]) throws -> SafetensorsFile {
    try withTemporaryFolder { folder in
      let path = folder / "f.safetensors"
      try Files.write(bytes, to: path)
      return try SafetensorsFile(path)
    }
  }

  @Test("reads what the reference implementation wrote") func peerFile() throws {
    let file = try SafetensorsFile(SafetensorsTests.peer)
    #expect(file.metadata == ["format": "pt"])
    #expect(file.entries.count == 7)
    #expect(file["b.weight"]?.shape == [2, 3])
    #expect(try file.floats("b.weight") == [-0.5, -0.25, 0, 0.25, 0.5, 0.75])
    #expect(try file.floats("a.bf16") == [1, -2.5, 3.140625, .infinity])
    #expect(try file.floats("c.f16") == [0.5, 65504, 5.960464477539063e-08])
    #expect(try file.floats("d.f64") == [1e-3, -7.25])
    #expect(try file.floats("e.scalar") == [2])
    #expect(file["e.scalar"]?.shape == [])
    #expect(try file.floats("f.empty") == [])
    #expect(throws: Failure.self) { try file.floats("g.ids") }
    #expect(throws: Failure.self) { try file.floats("nothing") }
    let ids = try #require(file["g.ids"])
    #expect(file.bytes(of: ids).byteCount == 16)
  }

  /// Equal bytes prove order, alignment, padding and rounding at once.
  @Test("writes the bytes that the reference implementation writes") func sameBytes() throws {
    let ids: [UInt8] = [1] + [UInt8](repeating: 0, count: 7) + [UInt8](repeating: 255, count: 8)
    try withTemporaryFolder { folder in
      let path = folder / "ours.safetensors"
      try SafetensorsWriter.write(
        [
          SafetensorsSource("a.bf16", [1, -2.5, 3.140625, .infinity], shape: [4], type: .bf16),
          SafetensorsSource("b.weight", [-0.5, -0.25, 0, 0.25, 0.5, 0.75], shape: [2, 3]),
          SafetensorsSource(
            "c.f16", [0.5, 65504, 5.960464477539063e-08], shape: [3, 1], type: .f16),
          SafetensorsSource("d.f64", type: .f64, shape: [2]) {
            // 0.001 is no float: its bytes as the double they are.
            let bits = (0.001).bitPattern
            try $0.put(bytes: (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) })
            try $0.put([-7.25])
          },
          SafetensorsSource("e.scalar", [2], shape: []),
          SafetensorsSource("f.empty", [], shape: [0, 4]),
          SafetensorsSource("g.ids", type: .i64, shape: [2]) { try $0.put(bytes: ids) },
        ], to: path)
      #expect(try Files.read(path) == Files.read(SafetensorsTests.peer))
    }
  }

  @Test("rounds to bfloat16 as to nearest, ties to even") func rounding() throws {
    let values: [Float] = [
      1.00390625, 1.01171875, 3.4e38, .nan, -0.0, 1.0 + 0x1p-9 + 0x1p-20, -1.00390625,
    ]
    try withTemporaryFolder { folder in
      let path = folder / "r.safetensors"
      try SafetensorsWriter.write(
        [SafetensorsSource("r", values, shape: [values.count], type: .bf16)], to: path)
      let read = try SafetensorsFile(path).floats("r")
      #expect(read[0] == 1)
      #expect(read[1] == 1.015625)
      #expect(read[2] == .infinity)
      #expect(read[3].isNaN)
      #expect(read[4].sign == .minus)
      #expect(read[5] == 1.0)
      #expect(read[6] == -1)
    }
  }

  @Test("cuts a large model into files with an index") func shards() throws {
    try withTemporaryFolder { folder in
      let sources = (0..<5).map {
        SafetensorsSource("t\($0)", [Float](repeating: Float($0), count: 10), shape: [10])
      }
      try SafetensorsWriter.writeModel(sources, to: folder, shardLimit: 90)
      #expect(
        try Files.list(folder) == [
          "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
          "model-00003-of-00003.safetensors", "model.safetensors.index.json",
        ])
      let model = try SafetensorsFolder(folder)
      #expect(model.names == ["t0", "t1", "t2", "t3", "t4"])
      #expect(try model.floats("t3") == [Float](repeating: 3, count: 10))
      let index = try JSON.read(folder / "model.safetensors.index.json")
      #expect(index["metadata"]?["total_size"] == 200)
      #expect(index["weight_map"]?["t4"] == "model-00003-of-00003.safetensors")
    }
  }

  @Test("an index may not lead out of its folder") func escapes() throws {
    try withTemporaryFolder { folder in
      let index = #"{"weight_map": {"t": "../../etc/passwd"}}"#
      try Files.write(index, to: folder / "model.safetensors.index.json")
      #expect(throws: Failure.self) { try SafetensorsFolder(folder) }
    }
  }

  @Test(
    "refuses files that break a rule",
    arguments: [
      ("short", [1, 2, 3], "before its header"),
      ("huge header", [255, 255, 255, 255, 255, 255, 255, 255, 123], "claims"),
      ("header beyond the end", [100, 0, 0, 0, 0, 0, 0, 0, 123, 125], "beyond"),
      ("no object", file("[]"), "begin with"),
      ("no JSON", file("{"), "invalid JSON"),
      (
        "key twice",
        file(
          #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
          data: 1), "twice"
      ),
      ("metadata", file(#"{"__metadata__":{"a":1}}"#), "no text"),
      ("dtype", file(#"{"a":{"dtype":"X","shape":[],"data_offsets":[0,1]}}"#, data: 1), "dtype"),
      (
        "overflow",
        file(
          #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#),
        "overflow"
      ),
      (
        "negative", file(#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#), "shape"
      ),
      (
        "half bytes", file(#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}"#, data: 1),
        "overflow"
      ),
      (
        "size", file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: 4), "needs"
      ),
      (
        "hole", file(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, data: 2), "begins"
      ),
      (
        "overlap",
        file(
          #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#,
          data: 3), "begins"
      ),
      ("backwards", file(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#), "offsets"),
      ("rest", file(#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 3), "end at"),
    ] as [(String, [UInt8], String)])
  func refusals(_ name: String, _ bytes: [UInt8], _ reason: String) {
    let error = #expect(throws: Failure.self) { try SafetensorsTests.open(bytes) }
    #expect(error?.problem.contains(reason) == true, "\(error?.problem ?? "")")
    #expect(error?.problem.contains("f.safetensors") == true)
  }

  @Test("survives damaged files") func fuzz() throws {
    let seeds = [try SafetensorsTests.sample(), try Files.read(SafetensorsTests.peer)]
    var fuzzer = Fuzzer(
      seeds: seeds, header: 8,
      words: ["\"shape\":[", "\"dtype\":\"F32\"", "\"data_offsets\":[0,", "{\"a\":", "]}", "}"])
    try withTemporaryFolder { folder in
      let path = folder / "f.safetensors"
      fuzzer.run { bytes in
        do {
          try? Files.remove(path)
          let raw = try AppendFile(creating: path)
          try raw.append(bytes)
          raw.close()
          let file = try SafetensorsFile(path)
          for entry in file.entries { _ = try? file.floats(entry) }
          return true
        } catch {
          let text = oneLine(error)
          // The length of the header was taken; the refusal is about what follows.
          return !text.contains("claims") && !text.contains("beyond the file")
            && !text.contains("before its header")
        }
      }
    }
  }
}
