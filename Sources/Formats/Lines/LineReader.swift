public import Base

/// Reads a text file line by line, compressed or not.
///
/// Lines end at `\n` alone; a final newline makes no empty line. A byte order mark at the start is
/// dropped.
public struct LineReader: ~Copyable {
  /// One line without its end.
  public enum Line: Equatable {
    case bytes([UInt8])
    /// A line over the limit, skipped; its length in bytes.
    case tooLong(Int)
  }

  /// The number of the line read last, from 1.
  public private(set) var number = 0

  /// How far the reading has come, in bytes of the file.
  public var consumed: Int { content.consumed }

  private let content: ContentReader
  private let limit: Int
  private var buffer: [UInt8] = []
  /// Where the next line begins in the buffer, and how far it has been searched for its end.
  private var start = 0
  private var searched = 0
  private var ended = false

  /// Opens a file.
  ///
  /// - Parameter limit: the longest line in bytes.
  public init(
    _ path: Path, limit: Int = 1 << 26, decompression: DecompressionLimits = DecompressionLimits()
  ) throws(Failure) {
    content = try ContentReader(path, limits: decompression)
    self.limit = limit
  }

  /// The next line, `nil` after the last.
  ///
  /// - Throws: ``Failure`` if the file is damaged or cannot be read; the lines before it are sound.
  public mutating func next() throws(Failure) -> Line? {
    var skipped = 0
    while true {
      if let end = endOfLine() {
        let line = buffer[start..<end]
        start = end + 1
        searched = start
        return finish(line, skipped)
      }
      if ended {
        guard start < buffer.count || skipped > 0 else { return nil }
        let line = buffer[start...]
        start = buffer.count
        searched = start
        return finish(line, skipped)
      }
      if buffer.count - start > limit {
        skipped += buffer.count - start
        start = buffer.count
      }
      try fill()
    }
  }

  private mutating func finish(_ line: ArraySlice<UInt8>, _ skipped: Int) -> Line {
    number += 1
    if skipped + line.count > limit { return .tooLong(skipped + line.count) }
    if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) {
      return .bytes(Array(line.dropFirst(3)))
    }
    return .bytes(Array(line))
  }

  private mutating func endOfLine() -> Int? {
    let end = buffer[searched...].firstIndex(of: 0x0A)
    if end == nil { searched = buffer.count }
    return end
  }

  private mutating func fill() throws(Failure) {
    if start > 0 {
      buffer.removeFirst(start)
      searched -= start
      start = 0
    }
    if try content.read(into: &buffer) == 0 { ended = true }
  }
}
