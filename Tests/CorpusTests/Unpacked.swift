import Base
import Formats

/// The plain content of a file.
func unpacked(_ path: Path) throws -> [UInt8] {
  let reader = try ContentReader(path)
  var bytes: [UInt8] = []
  while try reader.read(into: &bytes) > 0 {}
  return bytes
}

extension [UInt8] {
  /// Whether the bytes of `text` occur.
  func contains(text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard count >= wanted.count else { return false }
    return (0...count - wanted.count).contains { start in
      self[start] == wanted[0] && self[start..<start + wanted.count].elementsEqual(wanted)
    }
  }
}
