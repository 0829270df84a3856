import Base
import TestSupport
import Testing

@testable import Formats

@Suite("GGUF") struct GGUFTests {
  /// Made by `Goldens/make-gguf.py`: gguf 0.19.0; the quantised rows are also those of ggml's C code, as
  /// llama-cpp-python 0.3.36 ships it.
  static let goldens = Path(#filePath).parent / "Goldens" / "gguf"
  static let peer = goldens / "peer.gguf"

  static func floats(_ path: Path) throws -> [Float] {
    let bytes = try Files.read(path)
    let span = unsafe bytes.span.bytes
    return (0..<bytes.count / 4).map {
      Float(bitPattern: span.littleEndian(at: 4 * $0, as: UInt32.self))
    }
  }

  static func header(_ bytes: [UInt8]) throws -> GGUFHeader {
    try unsafe GGUFHeader(bytes.span.bytes)
  }

  @Test("reads every type of metadata that the peer wrote") func metadata() throws {
    let file = try GGUFFile(Self.peer)
    #expect(file.version == 3)
    #expect(file["general.architecture"] == .string("llama"))
    #expect(file["t.u8"] == .uint8(200))
    #expect(file["t.i8"] == .int8(-100))
    #expect(file["t.u16"] == .uint16(60000))
    #expect(file["t.i16"] == .int16(-30000))
    #expect(file["t.u32"] == .uint32(4_000_000_000))
    #expect(file["t.i32"] == .int32(-2_000_000_000))
    #expect(file["t.f32"] == .float32(0.1))
    #expect(file["t.bool"] == .bool(true))
    #expect(file["t.string"] == .string("舵 kaji\0"))
    #expect(file["t.strings"] == .strings(["あ", "", "b"]))
    #expect(file["t.ints"] == .array(.int32, [.int32(1), .int32(-2), .int32(3)]))
    #expect(file["t.u64"] == .uint64(1 << 63 + 1))
    #expect(file["t.i64"] == .int64(-(1 << 62)))
    #expect(file["t.f64"] == .float64(0.1))
    #expect(file["nothing"] == nil)
  }

  @Test("dequantises every block format bit for bit") func dequantisation() throws {
    let file = try GGUFFile(Self.peer)
    let expected = try Self.floats(Self.goldens / "peer.f32")
    #expect(
      file.tensors.map(\.name) == [
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K",
      ])
    for (place, tensor) in file.tensors.enumerated() {
      #expect(tensor.shape == [2, 256] && tensor.type.name == tensor.name)
      let found = try file.floats(tensor).map(\.bitPattern)
      #expect(
        found == expected[512 * place..<512 * (place + 1)].map(\.bitPattern), "\(tensor.name)")
    }
  }

  @Test(
    "quantises to the bytes of the reference quantisers",
    arguments: [GGUFType.q8_0, .q4_0, .q4_1, .bf16])
  func quantisation(_ type: GGUFType) throws {
    let rows = try Self.floats(Self.goldens / "rows.f32")
    var bytes: [UInt8] = []
    GGUFBlocks.write(type, rows.span, to: &bytes)
    #expect(try bytes == Files.read(Self.goldens / "rows.\(type.name)"))
  }

  @Test("writes every value as it was read, and tensors as blocks of the reference")
  func roundTrip()
    throws
  {
    try withTemporaryFolder { folder in
      let peer = try GGUFFile(Self.peer)
      let nested = GGUFValue.array(.array, [.array(.bool, [.bool(true)]), .strings(["x"])])
      // The rows before these have a least number that half precision, and so Q4_1, cannot hold.
      let rows = try Array(Self.floats(Self.goldens / "rows.f32").suffix(5 * 256))
      let types = GGUFType.allCases.filter { $0.isWritable && $0 != .f16 }
      let path = folder / "ours.gguf"
      try GGUFWriter.write(
        metadata: peer.metadata.map { ($0.key, $0.value) } + [("t.nested", nested)],
        tensors: types.map { type in
          GGUFSource(type.name, type: type, shape: [5, 256]) { rows }
        } + [
          GGUFSource("scalar", type: .f32, shape: []) { [7] },
          GGUFSource("half", type: .f16, shape: [2, 2]) { [1, -0.5, 65_504, 0x1p-24] },
        ], to: path)
      let ours = try GGUFFile(path)
      #expect(ours.metadata.map(\.key) == peer.metadata.map(\.key) + ["t.nested"])
      #expect(peer.metadata.allSatisfy { ours[$0.key] == $0.value })
      #expect(ours["t.nested"] == nested)
      let bytes = try Files.read(path)
      for type in types {
        let found = try #require(ours.tensor(type.name))
        #expect(found.shape == [5, 256] && found.range.lowerBound % 32 == 0)
        let golden = type == .f32 ? "rows.f32" : "rows.\(type.name)"
        let expected = try Files.read(Self.goldens / golden).suffix(found.range.count)
        #expect(bytes[found.range] == expected, "\(type.name)")
      }
      #expect(try ours.floats(#require(ours.tensor("scalar"))) == [7])
      #expect(try ours.floats(#require(ours.tensor("half"))) == [1, -0.5, 65_504, 0x1p-24])
      #expect(try Files.list(folder) == ["ours.gguf"])
    }
  }

  @Test(
    "refuses numbers that the type cannot hold, and leaves nothing",
    arguments: [
      (GGUFType.q8_0, Float.nan), (.q8_0, 1e7), (.q4_0, 1e6), (.q4_1, -65_520), (.f16, 65_520),
    ])
  func tooLarge(_ type: GGUFType, _ value: Float) throws {
    try withTemporaryFolder { folder throws in
      let values = [Float](repeating: 1, count: 31) + [value]
      #expect(throws: Failure.self) {
        try GGUFWriter.write(
          metadata: [], tensors: [GGUFSource("x", type: type, shape: [32]) { values }],
          to: folder / "x.gguf")
      }
      #expect(try Files.list(folder).isEmpty)
    }
  }

  @Test("names the field and the byte of what is wrong") func errors() throws {
    func problem(_ change: (inout [UInt8]) -> Void) throws -> String {
      var bytes = try Files.read(Self.peer)
      change(&bytes)
      do {
        _ = try Self.header(bytes)
        return "none"
      } catch { return oneLine(error) }
    }
    #expect(try problem { $0[0] = 0 }.contains("the magic at byte 0"))
    #expect(try problem { $0[4] = 1 }.contains("the version is 1"))
    #expect(try problem { $0[4...7] = [0, 0, 0, 3] }.contains("big-endian"))
    #expect(try problem { $0[15] = 0x10 }.contains("the number of tensors at byte 8"))
    #expect(
      try problem { $0[24...31] = [255, 255, 255, 255, 255, 255, 255, 127] }
        .contains("key 0 at byte 24 claims"))
    #expect(try problem { $0.removeLast(600) }.contains("needs 352 bytes from byte 7200 of"))
    #expect(try problem { $0.removeLast(4000) }.contains("the offset of Q8_0 at byte"))
    #expect(try problem { $0 += [UInt8](repeating: 0, count: 64) }.contains("the file at byte"))
  }

  /// Damaged files are refused with an error or read to the end; nothing traps.
  @Test("survives damaged files") func fuzzing() throws {
    let peer = try Files.read(Self.peer)
    var fuzzer = Fuzzer(
      seeds: [peer, Array(peer.prefix(900))], header: 24,
      words: ["general.alignment", "t.string", "F32"])
    fuzzer.run { bytes in
      do throws(Failure) {
        let span = unsafe bytes.span.bytes
        let header = try GGUFHeader(span)
        for tensor in header.tensors where tensor.type.isReadable {
          var values = [Float](repeating: 0, count: tensor.count)
          var output = values.mutableSpan
          GGUFBlocks.read(tensor.type, span.extracting(tensor.range), into: &output)
        }
        return true
      } catch {
        return !error.problem.contains("the magic") && !error.problem.contains("the version")
          && !error.problem.contains("the number of")
      }
    }
  }
}
