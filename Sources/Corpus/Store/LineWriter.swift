import Base

/// Writes a new file of lines, a piece at a time, however many there are.
struct LineWriter {
  private let file: AppendFile
  private var pending: [UInt8] = []

  /// Bytes after which a piece is written.
  private static let piece = 1 << 16

  init(creating path: Path) throws { file = try AppendFile(creating: path) }

  /// Adds a record as a line.
  mutating func append(_ record: JSON) throws {
    try append(Array(record.text().utf8) + [UInt8(ascii: "\n")])
  }

  /// Adds all lines of another file.
  mutating func append(contentsOf path: Path) throws {
    var reader = try FileReader(path)
    var bytes: [UInt8] = []
    while try reader.read(into: &bytes, upTo: Self.piece) > 0 {
      try append(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
  }

  private mutating func append(_ bytes: [UInt8]) throws {
    pending += bytes
    if pending.count >= Self.piece { try flush() }
  }

  private mutating func flush() throws {
    try file.append(pending)
    pending.removeAll(keepingCapacity: true)
  }

  /// Ends the file and brings it to the disk.
  mutating func finish() throws {
    try flush()
    try file.sync()
    file.close()
  }
}
