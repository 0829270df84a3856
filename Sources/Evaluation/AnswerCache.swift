import Base
import Generation

/// What a model answered, kept in files, so that an interrupted evaluation goes on where it was.
///
/// An answer is found by everything it depends on: the hash of the model, the prompt's ids, the
/// options of generation. Each process writes a file of its own, `answers-0001.jsonl` and so on, one
/// line an answer; a line that a dying process left half written is no JSON and is passed over.
struct AnswerCache {
  struct Answer: Equatable {
    let text: String
    /// The number of new ids.
    let ids: Int
    let stopReason: StopReason
  }

  private var answers: [String: Answer] = [:]
  private let folder: Path?
  private var file: AppendFile?
  private var nextNumber = 1

  /// Keeps answers in memory only.
  init() { folder = nil }

  /// Reads what earlier processes left in `folder`, which is made when there is something to write.
  init(folder: Path) throws {
    self.folder = folder
    guard Files.exists(folder) else { return }
    for name in try Files.list(folder) where name.hasPrefix("answers-") && name.hasSuffix(".jsonl")
    {
      let bytes = try Files.read(folder / name)
      for line in bytes.split(separator: UInt8(ascii: "\n")) { read(Array(line)) }
      nextNumber += 1
    }
  }

  /// The name of an answer.
  static func key(model: String, prompt: [Int32], _ options: GenerationOptions) -> String {
    var digest = SHA256()
    let stops = options.stop.map { JSON.string($0) }
    digest.update(
      Array(
        JSON.array([
          .string(model), JSON(options.maxTokens), .array(stops), "greedy",
        ]).text().utf8))
    for id in prompt {
      let bits = UInt32(bitPattern: id)
      digest.update((0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
    }
    return hexadecimal(digest.finalize())
  }

  subscript(key: String) -> Answer? { answers[key] }

  /// Keeps new answers, in the file too.
  mutating func add(_ new: [(key: String, answer: Answer)]) throws {
    var lines = ""
    for (key, answer) in new {
      answers[key] = answer
      let line: JSON = [
        "key": .string(key), "text": .string(answer.text), "ids": JSON(answer.ids),
        "stop_reason": .string(answer.stopReason.rawValue),
      ]
      lines += line.text() + "\n"
    }
    guard !new.isEmpty, let file = try openFile() else { return }
    try file.append(Array(lines.utf8))
  }

  /// Makes what was added safe from a crash of the machine.
  func sync() throws { try file?.sync() }

  private mutating func read(_ line: [UInt8]) {
    guard let json = try? JSON.parse(line), let key = json["key"]?.string,
      let text = json["text"]?.string, let ids = json["ids"]?.int,
      let stop = json["stop_reason"]?.string.flatMap(StopReason.init)
    else { return }
    answers[key] = Answer(text: text, ids: ids, stopReason: stop)
  }

  /// The file of this process, made at the first answer.
  private mutating func openFile() throws -> AppendFile? {
    guard file == nil, let folder else { return file }
    try Files.makeDirectory(folder)
    while file == nil {
      let path = folder / "answers-\(Format.pad(nextNumber, 4)).jsonl"
      nextNumber += 1
      do { file = try AppendFile(creating: path) } catch {
        // Another process may have taken the number since the folder was read.
        guard Files.exists(path) else { throw error }
      }
    }
    return file
  }
}
