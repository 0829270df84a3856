import Base

/// How far a file that another program writes has been read.
struct ReadMark {
  /// Bytes from its start.
  private(set) var offset = 0
  /// The last of them, by which the file is known again: a copy that has grown counts, another file does not.
  private var tail: [UInt8] = []

  private static let length = 256

  /// Goes back to the start if the file is another than was read.
  ///
  /// - Throws: `Failure` if it cannot be read.
  mutating func check(_ file: Path) throws {
    if try Self.bytes(of: file, before: offset) != tail { self = ReadMark() }
  }

  /// Notes that everything before `offset` has been read.
  ///
  /// - Throws: `Failure` if the file cannot be read.
  mutating func move(to offset: Int, in file: Path) throws {
    guard offset != self.offset else { return }
    tail = try Self.bytes(of: file, before: offset)
    self.offset = offset
  }

  /// The bytes before `offset`, fewer if the file ends there.
  private static func bytes(of file: Path, before offset: Int) throws -> [UInt8] {
    let start = max(0, offset - length)
    var reader = try FileReader(file, at: start)
    var bytes: [UInt8] = []
    while bytes.count < offset - start,
      try reader.read(into: &bytes, upTo: offset - start - bytes.count) > 0
    {}
    return bytes
  }
}
