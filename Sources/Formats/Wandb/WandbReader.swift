public import Base

/// Reads the history of a W&B offline file (`run-….wandb`) row by row.
///
/// The file begins with `:W&B`, 0xBEE1 and a version; then come blocks of 32,768 bytes with records as LevelDB's log
/// has them: CRC-32, length, type (whole, first, middle, last), bytes. A record is a Protocol Buffers message `Record`
/// of W&B, of which the fields 2 (history), 17 (run) and 18 (exit) are read.
public struct WandbReader {
  /// What was logged of one step.
  public struct Row: Equatable, Sendable {
    public var step: Int
    /// Numbers under their names; parts of nested names are joined by points.
    public var values: [(name: String, value: Double)]
    /// Seconds since 1970.
    public var time: Double?

    public static func == (a: Row, b: Row) -> Bool {
      a.step == b.step && a.time == b.time && a.values.map(\.name) == b.values.map(\.name)
        && zip(a.values, b.values).allSatisfy {
          $0.value == $1.value || $0.value.isNaN && $1.value.isNaN
        }
    }
  }

  private static let block = 32_768
  private static let recordLimit = 1 << 26

  public let path: Path
  /// Whether the file says that the run has ended, and with what exit status.
  public private(set) var exitStatus: Int?
  /// The byte of the file behind the last whole record, where what comes later can be read.
  public private(set) var nextOffset: Int
  private let base: Int
  private var buffer: ContentBuffer

  /// Opens a file.
  ///
  /// - Parameter offset: where to begin: 0, or ``nextOffset`` of an earlier reader.
  /// - Throws: ``Failure`` if it does not begin as W&B's do.
  public init(_ path: Path, at offset: Int = 0) throws(Failure) {
    self.path = path
    (base, nextOffset) = (offset, offset)
    buffer = ContentBuffer(try ContentReader(path, at: offset))
    guard offset == 0 else { return }
    let head = try buffer.bytes(7)
    guard head == Array(":W&B".utf8) + [0xE1, 0xBE, 0] else {
      throw Failure(
        "\(path) is no W&B file of version 0", remedy: "Name a run-….wandb of an offline run.")
    }
  }

  /// The next row of the history; `nil` after the last that is whole.
  ///
  /// - Throws: ``Failure`` naming the byte, if a checksum does not fit or a record is malformed.
  public mutating func next() throws(Failure) -> Row? {
    while let record = try record() {
      var fields = ProtobufReader(record[...], what: "a record of \(path)")
      while let field = try fields.next() {
        guard case .bytes(let bytes) = field.value else { continue }
        switch field.number {
        case 2: if let row = try row(bytes) { return row }
        case 18: exitStatus = try status(bytes)
        default: break
        }
      }
    }
    return nil
  }

  /// The bytes of the next whole record, put together; `nil` at the end, or where the writer has not come further.
  private mutating func record() throws(Failure) -> [UInt8]? {
    var whole: [UInt8] = []
    while true {
      let start = base + buffer.offset
      let left = Self.block - start % Self.block
      if left < 7 {
        guard try buffer.bytes(left).count == left else { return nil }
        continue
      }
      let head = try buffer.bytes(7)
      guard head.count == 7 else { return nil }
      let length = Int(head.littleEndian(at: 4, as: UInt16.self))
      let body = try buffer.bytes(length)
      guard body.count == length else { return nil }
      guard CRC32.of(head[6], body) == head.littleEndian(at: 0, as: UInt32.self) else {
        throw Failure(
          "\(path): the record at byte \(start): its checksum does not fit",
          remedy: "Copy the file again: what stands before it is sound.")
      }
      whole += body
      guard whole.count <= Self.recordLimit else {
        throw Failure("\(path): the record at byte \(start) is too long", remedy: "")
      }
      if head[6] == 1 || head[6] == 4 {
        nextOffset = base + buffer.offset
        return whole
      }
    }
  }

  /// `HistoryRecord`: items (1) and the step (2).
  private func row(_ bytes: [UInt8]) throws(Failure) -> Row? {
    var row = Row(step: -1, values: [])
    var fields = ProtobufReader(bytes[...], what: "a history of \(path)")
    while let field = try fields.next() {
      guard case .bytes(let inner) = field.value else { continue }
      if field.number == 1, let (name, value) = try item(inner) {
        switch name {
        case "_step": if row.step < 0 { row.step = Int(exactly: value) ?? -1 }
        case "_timestamp": row.time = value
        case "_runtime", "_wandb": break
        default: row.values.append((name, value))
        }
      } else if field.number == 2 {
        var step = ProtobufReader(inner[...], what: "a step of \(path)")
        while let part = try step.next() {
          if part.number == 1, case .varint(let number) = part.value {
            row.step = Int(clamping: number)
          }
        }
      }
    }
    return row.step >= 0 && !row.values.isEmpty ? row : nil
  }

  /// `HistoryItem`: key (1) or nested key (2), and a value as JSON (16), a number (6) or a whole number (5).
  private func item(_ bytes: [UInt8]) throws(Failure) -> (String, Double)? {
    var names: [String] = []
    var value: Double?
    var fields = ProtobufReader(bytes[...], what: "an item of \(path)")
    while let field = try fields.next() {
      switch (field.number, field.value) {
      case (1, .bytes(let text)), (2, .bytes(let text)):
        names.append(String(decoding: text, as: UTF8.self))
      case (16, .bytes(let text)): value = Self.number(String(decoding: text, as: UTF8.self))
      case (6, .fixed64(let bits)): value = Double(bitPattern: bits)
      case (5, .varint(let number)): value = Double(Int64(bitPattern: number))
      default: break
      }
    }
    return value.map { (names.joined(separator: "."), $0) }
  }

  /// A number as Python's JSON writes it.
  private static func number(_ text: String) -> Double? {
    switch text {
    case "NaN": .nan
    case "Infinity": .infinity
    case "-Infinity": -.infinity
    default: (try? JSON.parse(text))?.double
    }
  }

  /// `RunExitRecord`: the exit status (1), 0 if it is not there.
  private func status(_ bytes: [UInt8]) throws(Failure) -> Int {
    var fields = ProtobufReader(bytes[...], what: "the end of \(path)")
    while let field = try fields.next() {
      if field.number == 1, case .varint(let number) = field.value { return Int(clamping: number) }
    }
    return 0
  }
}
