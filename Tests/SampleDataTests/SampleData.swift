import Base
import TestSupport
import Testing

/// The committed sample data, read with nothing of Kaji but JSON and files.
struct SampleData: Sendable {
  /// A document and what the corpus list says of its file.
  struct Document: Sendable {
    let id: String
    let text: String
    let level: String
    let subset: String
    let isHandWritten: Bool
  }

  /// A string of the set, with the level (or "pairs", "tasks") and the name it stands under.
  struct Passage: Sendable {
    let level: String
    let name: String
    let text: String
  }

  static let folder = repositoryRoot / "sample-data"

  /// The set, read once for all tests.
  static let shared = Result { try SampleData() }

  let files: [JSON]
  let documents: [Document]
  let instructions: [JSON]
  let preferences: [JSON]
  let safety: [JSON]
  let taskIndex: [JSON]
  let tasks: [JSON]

  init() throws {
    files = try #require(JSON.read(Self.folder / "corpus.json")["files"]?.array)
    var documents: [Document] = []
    for entry in files {
      let file = try #require(entry["file"]?.string)
      let level = try #require(entry["level"]?.string)
      let subset = try #require(entry["subset"]?.string)
      for record in try Self.records(file) {
        documents.append(
          Document(
            id: try #require(record["meta"]?["id"]?.string),
            text: try #require(record["text"]?.string), level: level, subset: subset,
            isHandWritten: record["meta"]?["made"]?.string == "hand"))
      }
    }
    self.documents = documents
    instructions = try Self.records("tuning/instructions.jsonl")
    preferences = try Self.records("tuning/preferences.jsonl")
    safety = try Self.records("tuning/safety.jsonl")
    taskIndex = try #require(JSON.read(Self.folder / "tasks/index.json")["tasks"]?.array)
    tasks = try taskIndex.map { entry in
      try JSON.read(Self.folder / "tasks" / #require(entry["file"]?.string))
    }
  }

  /// The text that training may see: levels L1, L2 and L3, a line feed between documents.
  var trainingText: [UInt8] {
    let texts = documents.filter { ["L1", "L2", "L3"].contains($0.level) }.map(\.text)
    return Array(texts.joined(separator: "\n").utf8)
  }

  /// Every string of documents, pairs and tasks.
  var passages: [Passage] {
    var found = documents.map { Passage(level: $0.level, name: $0.id, text: $0.text) }
    for record in instructions + preferences + safety {
      let name = record["ID"]?.string ?? ""
      found += Self.strings(record).map { Passage(level: "pairs", name: name, text: $0) }
    }
    for (entry, task) in zip(taskIndex, tasks) {
      let name = entry["dataset"]?.string ?? ""
      found += Self.strings(task).map { Passage(level: "tasks", name: name, text: $0) }
    }
    return found
  }

  /// The records of a JSON Lines file; gzip itself unpacks the packed ones.
  private static func records(_ file: String) throws -> [JSON] {
    let path = folder / file
    var bytes: [UInt8]
    if path.fileExtension == "gz" {
      let (status, output) = try Subprocess.run(["gzip", "-dc", path.string])
      try #require(status == 0, "gzip does not unpack \(file)")
      bytes = output
    } else {
      bytes = try Files.read(path)
    }
    return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSON.parse(Array($0)) }
  }

  private static func strings(_ value: JSON) -> [String] {
    if let string = value.string { return [string] }
    if let array = value.array { return array.flatMap(strings) }
    return value.object?.flatMap { strings($0.value) } ?? []
  }
}
