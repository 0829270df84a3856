import Base
import Formats
import TestSupport
import Testing

/// Files made to break what reads them.
@Suite("Hostile files") struct HostileFilesTests {
  /// が composed and decomposed: equal to `==`, different in their bytes.
  private static let composed = "が", decomposed = "か\u{3099}"

  @Test func `two spellings of one letter name two tensors`() throws {
    try withTemporaryFolder { folder in
      let path = folder / "model.safetensors"
      try SafetensorsWriter.write(
        [
          SafetensorsSource(Self.composed, [1], shape: [1]),
          SafetensorsSource(Self.decomposed, [2], shape: [1]),
        ], to: path, metadata: [(Self.composed, "a"), (Self.decomposed, "b")])
      let file = try SafetensorsFile(path)
      #expect(try file.floats(Self.composed) == [1])
      #expect(try file.floats(Self.decomposed) == [2])
      #expect(file.metadata.count == 2)
      #expect(file.metadata[ExactText(Self.decomposed)] == "b")
      let model = try SafetensorsFolder(folder)
      #expect(model.names.count == 2)
      #expect(try model.floats(Self.decomposed) == [2])
    }
  }

  @Test func `an index cannot lead out of its folder`() throws {
    try withTemporaryFolder { folder in
      for file in ["../x", "a/\u{301}b", ".\u{301}x", "x\0y", ""] {
        let index: JSON = ["weight_map": ["t": .string(file)]]
        try Files.write(index.bytes(), to: folder / "model.safetensors.index.json")
        let error = #expect(throws: Failure.self) { try SafetensorsFolder(folder) }
        #expect(error?.problem.contains("names no file of the folder") == true)
      }
    }
  }

  @Test func `keys of YAML are told apart by their bytes`() throws {
    let text = "\(Self.composed): 1\n\(Self.decomposed): 2\n"
    let document = try YAML.document(text, file: "t")
    #expect(document.root[Self.composed] == 1)
    #expect(document.root[Self.decomposed] == 2)
    #expect(document.line(of: [Self.decomposed]) == 2)
  }

  @Test func `a long key over many elements costs no more than the text`() throws {
    // Paths as texts would take a hundred gigabytes.
    let wide =
      "? \"" + String(repeating: "k", count: 1_000_000) + "\"\n: ["
      + String(repeating: "1,", count: 100_000) + "1]\n"
    let document = try YAML.document(wide, file: "t")
    #expect(document.root.object?.count == 1)
    #expect(document.line(of: [document.root.object?.keys.first ?? "", "99999"]) == 2)
  }

  @Test func `aliases of a long text are counted by its bytes`() {
    let text =
      "a: &a \"" + String(repeating: "x", count: 1 << 20) + "\"\nb: ["
      + [String](repeating: "*a", count: 100).joined(separator: ",") + "]\n"
    let error = #expect(throws: Failure.self) { try YAML.parse(text, file: "t") }
    #expect(error?.problem.contains("aliases") == true)
  }

  @Test func `a seekable file expands no more than its limits allow`() throws {
    try withTemporaryFolder { folder in
      let path = folder / "s.zst"
      let writer = try SeekableZstdWriter(creating: path)
      try writer.append([UInt8](repeating: 0x20, count: 1 << 20))
      try writer.finish()
      #expect(try SeekableZstdFile(path).count == 1 << 20)
      let strict = DecompressionLimits(ratio: 100, allowance: 1 << 16)
      let error = #expect(throws: Failure.self) { try SeekableZstdFile(path, limits: strict) }
      #expect(error?.problem.contains("bomb") == true)
      // The sizes of all frames together count as well.
      let many = folder / "m.zst"
      let parts = try SeekableZstdWriter(creating: many, frameSize: 1 << 15)
      for _ in 0..<32 { try parts.append([UInt8](repeating: 0x20, count: 1 << 15)) }
      try parts.finish()
      #expect(throws: Failure.self) { try SeekableZstdFile(many, limits: strict) }
    }
  }

  @Test(arguments: [
    (-21, "no seek table"), (-5, "unknown form"), (-9, "too long"), (-17, "does not fit"),
  ])
  func `each field of a seek table is checked`(fromEnd: Int, reason: String) throws {
    try withTemporaryFolder { folder in
      let path = folder / "s.zst"
      let writer = try SeekableZstdWriter(creating: path)
      try writer.append(Array("one record".utf8))
      try writer.finish()
      var bytes = try Files.read(path)
      // From the end: magic 4, descriptor 1, count 4, plain 4, compressed 4, size of the frame 4.
      bytes[bytes.count + fromEnd] ^= 0x40
      try Files.write(bytes, to: path)
      let error = #expect(throws: Failure.self) { try SeekableZstdFile(path) }
      #expect(error?.problem.contains(reason) == true, "\(error?.problem ?? "")")
    }
  }
}
