import Base
import TestSupport
import Testing

@testable import Formats

/// Files that other trainers and language models read and write.
@Suite("Files of other trainers") struct TrainingFilesTests {
  static let goldens = Path(#filePath).parent / "Goldens"

  // MARK: TensorBoard

  static func events(_ path: Path) throws -> [TensorBoardEvent] {
    var reader = try TensorBoardReader(path)
    var events: [TensorBoardEvent] = []
    while let event = try reader.next() { events.append(event) }
    return events
  }

  /// `Goldens/make-tensorboard.py`: torch 2.15.0, tensorboard 2.21.0.
  @Test("reads scalars as torch and as newer writers store them") func events() throws {
    let torch = try Self.events(Self.goldens / "tensorboard" / "torch.tfevents")
    #expect(torch.first?.fileVersion == "brain.Event:2")
    #expect(
      torch.filter { !$0.scalars.isEmpty }
        == (0..<3).map {
          TensorBoardEvent(
            wallTime: 1000.5 + Double($0), step: $0,
            scalars: [.init("train/loss", 2.5 - Float($0) / 4)])
        })
    let tensors = try Self.events(Self.goldens / "tensorboard" / "tensors.tfevents")
    #expect(tensors.dropFirst().map(\.step) == [-1, 0, 1])
    #expect(tensors.dropFirst().flatMap(\.scalars).map(\.value) == [0.25, 0.75, 1.25])
    #expect(tensors[1].scalars[0].tag == "損失")
  }

  /// The peers' own files prove checksums and fields. The first event of torch's names its writer too, which is
  /// not Kaji: ours is that of the other file, which has none.
  @Test("writes the bytes that torch writes") func eventBytes() throws {
    let folder = Self.goldens / "tensorboard"
    let torch = try Files.read(folder / "torch.tfevents")
    let bare = try Files.read(folder / "tensors.tfevents")
    func firstRecord(_ bytes: [UInt8]) -> Int {
      12 + Int(bytes.littleEndian(at: 0, as: UInt64.self)) + 4
    }
    let expected = bare.prefix(firstRecord(bare)) + torch.dropFirst(firstRecord(torch))
    let events = try Self.events(folder / "torch.tfevents")
    try withTemporaryFolder { folder in
      let path = folder / "ours.tfevents"
      let writer = try TensorBoardWriter(creating: path, wallTime: 1000)
      for event in events.dropFirst() { try writer.append(event) }
      try writer.finish()
      #expect(try Files.read(path) == Array(expected))
    }
  }

  @Test("an event that is being written ends the reading; a damaged one is named") func tails()
    throws
  {
    let bytes = try Files.read(Self.goldens / "tensorboard" / "torch.tfevents")
    try withTemporaryFolder { folder in
      let path = folder / "x.tfevents"
      try Files.write(Array(bytes.dropLast(3)), to: path)
      var reader = try TensorBoardReader(path)
      var count = 0
      while try reader.next() != nil { count += 1 }
      #expect(count == (try Self.events(Self.goldens / "tensorboard" / "torch.tfevents").count) - 1)
      #expect(reader.isCutOff)
      var damaged = bytes
      damaged[damaged.count - 6] ^= 1
      try Files.write(damaged, to: path)
      #expect(complaint { try Self.events(path) }.contains("its checksum does not fit"))
    }
  }

  @Test("what is written later is read from where the reading ended") func readingOn() throws {
    let bytes = try Files.read(Self.goldens / "tensorboard" / "torch.tfevents")
    let events = try Self.events(Self.goldens / "tensorboard" / "torch.tfevents")
    try withTemporaryFolder { folder in
      let path = folder / "x.tfevents"
      var found: [TensorBoardEvent] = []
      var offset = 0
      for count in [20, bytes.count - 3, bytes.count - 3, bytes.count] {
        try Files.write(Array(bytes.prefix(count)), to: path)
        var reader = try TensorBoardReader(path, at: offset)
        while let event = try reader.next() { found.append(event) }
        offset = try #require(reader.nextOffset)
      }
      #expect(found == events && offset == bytes.count)
    }
  }

  // MARK: Megatron

  /// `Goldens/make-megatron.py`: megatron-core 0.16.1.
  @Test(
    "reads the peer's data sets, and writes their bytes",
    arguments: [("u16", 65_000), ("i32", 99_574)])
  func megatron(_ name: String, _ vocabulary: Int) throws {
    let prefix = Self.goldens / "megatron" / name
    let set = try MegatronDataset(prefix)
    #expect(set.documents == [0..<2, 2..<3])
    let ids = try (0..<set.count).map { try set.ids($0) }
    #expect(ids == [[1, 2, 3], [], [65_535, 0]])
    try withTemporaryFolder { folder in
      let ours = folder / "ours"
      let writer = try MegatronWriter(ours, vocabularySize: vocabulary)
      try writer.append(ids[0], endsDocument: false)
      try writer.append(ids[1])
      try writer.append(ids[2])
      try writer.finish()
      for suffix in [".bin", ".idx"] {
        #expect(
          try Files.read(Path(ours.string + suffix)) == Files.read(Path(prefix.string + suffix)))
      }
    }
  }

  @Test("an id that does not fit is refused") func megatronRange() throws {
    try withTemporaryFolder { folder in
      let writer = try MegatronWriter(folder / "x", vocabularySize: 100)
      #expect(throws: Failure.self) { try writer.append([65_536]) }
      #expect(throws: Failure.self) { try writer.append([-1]) }
    }
  }

  @Test("survives damaged indices") func fuzzingIndices() throws {
    let seed = try Files.read(Self.goldens / "megatron" / "i32.idx")
    var fuzzer = Fuzzer(seeds: [seed], header: 18)
    fuzzer.run { bytes in
      do throws(Failure) {
        _ = try unsafe MegatronIndex(bytes.span.bytes, dataSize: 20)
        return true
      } catch {
        return !error.problem.contains("the magic") && !error.problem.contains("the version")
          && !error.problem.contains("the element type")
      }
    }
  }

  @Test("survives damaged events") func fuzzingEvents() throws {
    let message = TensorBoardEvent(
      wallTime: 7, step: 3, fileVersion: "v", scalars: [.init("a", 1), .init("b", 2)])
    var fuzzer = ProtobufFuzzer(message.serialized, messages: [5])
    let start = monotonicSeconds()
    var (tried, passed) = (0, 0)
    while Fuzzer.goesOn(tried, since: start) {
      tried += 1
      if (try? TensorBoardEvent(parsing: fuzzer.next())) != nil { passed += 1 }
    }
    #expect(10 * passed >= 3 * tried, "\(passed) of \(tried)")
  }

  // MARK: ARPA

  /// The shape of SRILM's ngram-format(5).
  static let arpa = """
    A remark.

    \\data\\
    ngram 1=4
    ngram 2=2

    \\1-grams:
    -99\t<s>\t-0.30103
    -0.47712\t</s>
    -0.47712\t塩\t-0.17609
    -0.47712\t<unk>\t0

    \\2-grams:
    -0.17609\t<s> 塩
    -0.30103\t塩 </s>

    \\end\\

    """

  static func entries(_ text: String) throws -> (counts: [Int], entries: [ARPAEntry]) {
    try withTemporaryFolder { folder in
      let path = folder / "m.arpa"
      try Files.write(text, to: path)
      var reader = try ARPAReader(path)
      var entries: [ARPAEntry] = []
      while let entry = try reader.next() { entries.append(entry) }
      return (reader.counts, entries)
    }
  }

  @Test("reads a model entry by entry, and writes what reads back the same") func arpa() throws {
    let (counts, entries) = try Self.entries(Self.arpa)
    #expect(counts == [4, 2] && entries.count == 6)
    #expect(entries[0] == ARPAEntry(["<s>"], logProbability: -99, backOff: -0.30103))
    #expect(entries[1].backOff == nil)
    #expect(entries[5] == ARPAEntry(["塩", "</s>"], logProbability: -0.30103))
    try withTemporaryFolder { folder in
      let path = folder / "ours.arpa"
      try ARPAWriter.write(counts: counts, to: path) { take in
        for entry in entries { try take(entry) }
      }
      let again = try Self.entries(try Files.readText(path))
      #expect(again.counts == counts && again.entries == entries)
      #expect(throws: Failure.self) {
        try ARPAWriter.write(counts: [1], to: path) {
          try $0(ARPAEntry(["a b"], logProbability: -1))
        }
      }
    }
  }

  static let damages: [(String, String, String)] = [
    ("ngram 2=2", "ngram 3=2", ":5: is no 'ngram 2=COUNT'"),
    ("ngram 1=4", "ngram 1=5", ":13: comes 1 1-grams early"),
    ("-0.30103\t塩", "0.5\t塩", ":15: has a log probability of 0.5"),
    ("\\end\\", "", "the file ends before \\end\\"),
    ("\t-0.17609\n", "\tx y z\n", "is no 1-gram"),
  ]

  @Test("names the line that is wrong", arguments: damages)
  func arpaErrors(_ old: String, _ new: String, _ problem: String) throws {
    let text = Self.arpa.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
      .joined(separator: new)
    #expect(complaint { try Self.entries(text) }.contains(problem))
  }

  @Test("survives damaged models") func fuzzingModels() throws {
    try withTemporaryFolder { folder in
      let path = folder / "x.arpa"
      var fuzzer = Fuzzer(
        seeds: [Array(Self.arpa.utf8)], header: 40, words: ["\\end\\\n", "ngram 3=1\n", "\t-1\n"])
      try fuzzer.run { bytes in
        try rewrite(path, with: bytes)
        guard var reader = try? ARPAReader(path) else { return false }
        do { while try reader.next() != nil {} } catch {
          return oneLine(error).contains(path.string)
        }
        return true
      }
    }
  }

  // MARK: Pickles

  @Test("refuses pickles by their content, with the cure") func pickles() throws {
    try withTemporaryFolder { folder in
      let zip = folder / "model.anything"
      try Files.write([0x50, 0x4B, 3, 4] + Array("xxxxmodel/data.pkl".utf8), to: zip)
      #expect(PickledModel.refusal(of: zip)?.remedy.contains("safetensors") == true)
      let bare = folder / "pytorch_model.bin"
      try Files.write([0x80, 2, 0x7D], to: bare)
      #expect(PickledModel.refusal(of: bare)?.problem.contains("pytorch_model.bin") == true)
      #expect(PickledModel.refusal(in: folder) == PickledModel.refusal(of: bare))
      try Files.write([1], to: folder / "model.safetensors")
      #expect(PickledModel.refusal(in: folder) == nil)
      #expect(PickledModel.refusal(of: folder / "model.safetensors") == nil)
    }
  }
}
