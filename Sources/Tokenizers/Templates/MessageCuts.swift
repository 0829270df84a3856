/// Cuts before the special tokens that messages spell, so that a template's own can be told apart.
///
/// A cut is a character that no message has. It goes through the template with the rest of a message
/// and is taken out of the rendered text again, where no special token may then begin at its place
/// or reach across it.
struct MessageCuts {
  private let mark: Unicode.Scalar
  private let matcher: TextMatcher
  private let special: [[UInt8]]
  private let longest: Int

  /// Cuts for `messages`.
  ///
  /// - Parameter special: the special tokens as they are written.
  init(special: [String], _ messages: [ChatMessage]) {
    matcher = TextMatcher(special.map { ($0, 0) })
    self.special = special.map { Array($0.utf8) }
    longest = self.special.map(\.count).max() ?? 0
    var used = Set<Unicode.Scalar>()
    for message in messages {
      used.formUnion(message.role.unicodeScalars)
      used.formUnion(message.content.unicodeScalars)
    }
    // Only messages of 131,068 different characters of the private planes leave none of them.
    mark =
      (0xF0000...0x10_FFFD as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init)
      .first { !used.contains($0) } ?? "\u{10FFFF}"
  }

  /// The message with its cuts.
  func applied(to message: ChatMessage) -> ChatMessage {
    ChatMessage(role: applied(to: message.role), content: applied(to: message.content))
  }

  private func applied(to text: String) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for at in bytes.indices {
      if matcher.longest(bytes.span, at: at) != nil || mayComeToBe(bytes, at) {
        result += String(mark).utf8
      }
      result.append(bytes[at])
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a special token would begin at `at`, or before the text if that is 0, once the right text
  /// stood before or behind.
  private func mayComeToBe(_ bytes: [UInt8], _ at: Int) -> Bool {
    guard at == 0 || longest > bytes.count - at else { return false }
    return special.contains { token in
      if token.count > bytes.count - at, token.starts(with: bytes[at...]) { return true }
      return at == 0
        && token.indices.dropFirst().contains { offset in
          zip(token[offset...], bytes).allSatisfy(==)
        }
    }
  }

  /// A rendered text without its cuts, and where they were.
  func removed(from text: String) -> (bytes: [UInt8], places: [Int]) {
    var bytes: [UInt8] = []
    var places: [Int] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if scalar == mark {
        places.append(bytes.count)
      } else {
        bytes += String(scalar).utf8
      }
    }
    return (bytes, places)
  }
}
