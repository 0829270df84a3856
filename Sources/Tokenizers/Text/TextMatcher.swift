/// Finds the longest of a few texts at a position, such as special tokens written in a prompt.
struct TextMatcher: Sendable {
  /// The texts by first byte, the longest first.
  private var byFirstByte: [[(text: [UInt8], id: Int32)]]
  let isEmpty: Bool

  /// Matches the given texts; of two equal ones the first counts, empty ones do not.
  init(_ texts: [(text: String, id: Int32)]) {
    byFirstByte = Array(repeating: [], count: 256)
    for (text, id) in texts {
      let bytes = Array(text.utf8)
      guard let first = bytes.first else { continue }
      byFirstByte[Int(first)].append((bytes, id))
    }
    for first in byFirstByte.indices {
      // A stable sort, so that of equal texts the first stays first.
      let ordered = byFirstByte[first].enumerated().sorted {
        ($1.element.text.count, $0.offset) < ($0.element.text.count, $1.offset)
      }
      byFirstByte[first] = ordered.map(\.element)
    }
    isEmpty = byFirstByte.allSatisfy(\.isEmpty)
  }

  /// The longest text that begins at `position`.
  func longest(_ bytes: Span<UInt8>, at position: Int) -> (length: Int, id: Int32)? {
    for (text, id) in byFirstByte[Int(bytes[position])]
    where text.count <= bytes.count - position {
      if text.indices.allSatisfy({ text[$0] == bytes[position + $0] }) { return (text.count, id) }
    }
    return nil
  }
}
