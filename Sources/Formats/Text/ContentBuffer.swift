import Base

/// The plain content of a file, taken by lines and by counts of bytes.
struct ContentBuffer {
  let content: ContentReader
  /// The plain byte that is taken next.
  private(set) var offset = 0
  /// Where compressed members begin, from the one of `offset` on.
  private var members: [(plain: Int, file: Int)] = []
  private var buffer: [UInt8] = []
  private var position = 0

  init(_ content: ContentReader) { self.content = content }

  /// Bytes of the file consumed, what waits in the buffer included.
  var consumed: Int { content.consumed }

  /// The byte of the file from which what is taken next can be read again, if a compressed member, or of a plain
  /// file anything, begins here.
  mutating func fileOffset() throws(Failure) -> Int? {
    guard try fill(1) else { return nil }
    guard content.compression != .none else { return content.base + offset }
    members.removeAll { $0.plain < offset }
    return members.first { $0.plain == offset }?.file
  }

  /// Whether nothing is left.
  mutating func isAtEnd() throws(Failure) -> Bool { try !fill(1) }

  /// The next line without its end (`\n` or `\r\n`); nil at the end of the file.
  ///
  /// - Parameter limit: the most bytes; a longer line is cut there, the rest is the next.
  mutating func line(limit: Int) throws(Failure) -> [UInt8]? {
    var searched = 0
    while true {
      let rest = buffer[(position + searched)...]
      if let end = rest.firstIndex(of: 0x0A), end - position <= limit {
        var line = buffer[position..<end]
        advance(end + 1 - position)
        if line.last == 0x0D { line.removeLast() }
        return Array(line)
      }
      searched = buffer.count - position
      if searched > limit {
        let line = Array(buffer[position..<position + limit])
        advance(limit)
        return line
      }
      guard try fill(searched + 1) else {
        guard position < buffer.count else { return nil }
        let line = Array(buffer[position...])
        advance(line.count)
        return line
      }
    }
  }

  /// The next `count` bytes, or fewer at the end of the file.
  mutating func bytes(_ count: Int) throws(Failure) -> [UInt8] {
    _ = try fill(count)
    let taken = Array(buffer[position..<min(buffer.count, position + count)])
    advance(taken.count)
    return taken
  }

  /// Passes over `count` bytes without keeping them; returns how many there were.
  mutating func skip(_ count: Int) throws(Failure) -> Int {
    var left = count
    while left > 0, try fill(1) {
      let step = min(left, buffer.count - position)
      advance(step)
      left -= step
    }
    return count - left
  }

  private mutating func advance(_ count: Int) {
    position += count
    offset += count
  }

  /// Sees that `count` bytes wait in the buffer; false if the file ends before.
  private mutating func fill(_ count: Int) throws(Failure) -> Bool {
    if buffer.count - position >= count { return true }
    buffer.removeFirst(position)
    position = 0
    while buffer.count < count {
      let end = offset + buffer.count
      guard try content.read(into: &buffer) > 0 else { return false }
      let member = content.member
      if member.plain == end { members.append(member) }
    }
    return true
  }
}
