import Base

/// Turns MediaWiki's markup into plain text: sentences, headings and lists; no tables, templates, references.
///
/// Markup that is not closed stays as it is written.
enum WikiText {
  /// The text of a page.
  static func plain(_ source: String) -> String {
    var bytes = Array(source.utf8)
    bytes = withoutElements(bytes)
    bytes = withoutTemplates(bytes)
    bytes = withoutTables(bytes)
    bytes = withoutLinks(bytes)
    bytes = withoutQuotes(bytes)
    return lines(String(decoding: bytes, as: UTF8.self))
  }

  // MARK: Comments and elements

  /// Elements that go with all that is in them.
  private static let dropped: Set<String> = [
    "ref", "gallery", "math", "timeline", "score", "templatestyles", "imagemap", "chem", "ce",
    "table", "syntaxhighlight", "source", "references", "includeonly", "categorytree", "graph",
  ]

  private static func withoutElements(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    // Elements that have no end from here on: they are not looked for again.
    var endless: Set<String> = []
    var place = 0
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "<") else {
        result.append(bytes[place])
        place += 1
        continue
      }
      if starts(bytes, "<!--", at: place) {
        guard let end = find("-->", in: bytes, from: place + 4) else { return result }
        place = end + 3
        continue
      }
      guard let tag = Tag(bytes, at: place) else {
        result.append(bytes[place])
        place += 1
        continue
      }
      place = tag.end
      if dropped.contains(tag.name), !tag.isClosing, !tag.isEmpty {
        // One without an end takes nothing but itself.
        if !endless.contains(tag.name) {
          if let end = endOfElement(tag.name, bytes, from: place) {
            place = end
          } else {
            endless.insert(tag.name)
          }
        }
      } else if tag.name == "br" || tag.name == "p" {
        result.append(0x0A)
      }
    }
    return result
  }

  /// A tag: its name in lower case, and where it ends.
  private struct Tag {
    let name: String
    let isClosing, isEmpty: Bool
    let end: Int

    init?(_ bytes: [UInt8], at start: Int) {
      var place = start + 1
      isClosing = place < bytes.count && bytes[place] == UInt8(ascii: "/")
      if isClosing { place += 1 }
      let first = place
      while place < bytes.count, place - first < 20, Self.isLetter(bytes[place]) { place += 1 }
      guard place > first else { return nil }
      name = String(decoding: bytes[first..<place], as: UTF8.self).lowercased()
      // A '<' before the '>' is none of a tag's.
      let limit = min(bytes.count, place + 2000)
      guard
        let end = bytes[place..<limit].firstIndex(where: {
          $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "<")
        }), bytes[end] == UInt8(ascii: ">")
      else { return nil }
      isEmpty = bytes[end - 1] == UInt8(ascii: "/")
      self.end = end + 1
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
      (0x41...0x5A).contains(byte & 0xDF) || (0x30...0x39).contains(byte)
    }
  }

  private static func endOfElement(_ name: String, _ bytes: [UInt8], from start: Int) -> Int? {
    var place = start
    while let next = find("</", in: bytes, from: place) {
      if let tag = Tag(bytes, at: next), tag.name == name { return tag.end }
      place = next + 2
    }
    return nil
  }

  // MARK: Templates and tables

  /// Templates whose argument of that number is text of the page.
  private static let kept: [String: Int] = ["lang": 2, "仮リンク": 1, "読み仮名": 1, "ルビ": 1]

  private static func withoutTemplates(_ bytes: [UInt8]) -> [UInt8] {
    withoutPairs(bytes, open: "{{", close: "}}") { inside in
      let parts = inside.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
      let name = HTTPMessage.trimmed(String(decoding: parts[0], as: UTF8.self))
      guard let number = kept[name.lowercased()], number < parts.count else { return [] }
      return Array(parts[number])
    }
  }

  private static func withoutTables(_ bytes: [UInt8]) -> [UInt8] {
    withoutPairs(bytes, open: "{|", close: "|}") { _ in [] }
  }

  /// The deepest nesting of pairs that is followed: each level copies what is in it.
  private static let deepest = 64

  /// Text with what stands between two marks replaced, inner pairs first. What is not closed stays.
  private static func withoutPairs(
    _ bytes: [UInt8], open: String, close: String, _ replacement: (ArraySlice<UInt8>) -> [UInt8]
  ) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    // Where in the result the pairs begin that are open.
    var starts: [Int] = []
    var place = 0
    while place < bytes.count {
      if starts.count < deepest, self.starts(bytes, open, at: place) {
        starts.append(result.count)
        result += open.utf8
        place += 2
      } else if let start = starts.last, self.starts(bytes, close, at: place) {
        starts.removeLast()
        let new = replacement(result[(start + 2)...])
        result.removeSubrange(start...)
        result += new
        place += 2
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return result
  }

  // MARK: Links

  /// Links whose target begins so show no text: pictures and categories.
  private static let unshown: Set<String> = [
    "file", "image", "category", "media", "ファイル", "画像", "カテゴリ", "メディア",
  ]

  private static func withoutLinks(_ bytes: [UInt8]) -> [UInt8] {
    let inner = withoutPairs(bytes, open: "[[", close: "]]") { inside in
      let parts = inside.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false)
      let target = String(decoding: parts[0], as: UTF8.self)
      if let colon = target.firstIndex(of: ":"), colon > target.startIndex {
        let space = HTTPMessage.trimmed(String(target[..<colon])).lowercased()
        // Links to the same article in other languages bear a code.
        let isLanguage = parts.count == 1 && (2...3).contains(space.utf8.count)
        if unshown.contains(space) || isLanguage { return [] }
      }
      let label = parts.count > 1 ? parts[parts.count - 1] : parts[0]
      return Array(label.first == UInt8(ascii: ":") ? label.dropFirst() : label)
    }
    return withoutAddresses(inner)
  }

  /// `[http://… label]` becomes the label.
  private static func withoutAddresses(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      guard starts(bytes, "[http", at: place) || starts(bytes, "[//", at: place),
        let end = bytes[place..<min(bytes.count, place + 4000)].firstIndex(of: UInt8(ascii: "]"))
      else {
        result.append(bytes[place])
        place += 1
        continue
      }
      if let space = bytes[place..<end].firstIndex(of: 0x20) { result += bytes[(space + 1)..<end] }
      place = end + 1
    }
    return result
  }

  // MARK: Marks within lines

  /// Runs of two to five apostrophes make text slanted or bold.
  private static func withoutQuotes(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var run = 0
    for byte in bytes {
      if byte == UInt8(ascii: "'") {
        run += 1
        continue
      }
      if run == 1 { result.append(UInt8(ascii: "'")) }
      run = 0
      result.append(byte)
    }
    if run == 1 { result.append(UInt8(ascii: "'")) }
    return result
  }

  private static let entities = [
    ("&nbsp;", " "), ("&ndash;", "–"), ("&mdash;", "—"), ("&lt;", "<"), ("&gt;", ">"),
    ("&quot;", "\""), ("&amp;", "&"),
  ]

  /// The lines with the marks of headings and lists taken away, and no two empty ones in a row.
  private static func lines(_ text: String) -> String {
    var result: [Substring] = []
    for line in text.split(whereSeparator: \.isNewline) {
      var line = line[...]
      while let last = line.last, last.isWhitespace { line.removeLast() }
      if line.hasPrefix("=="), line.hasSuffix("==") {
        while line.first == "=" { line.removeFirst() }
        while line.last == "=" { line.removeLast() }
      }
      while let first = line.first, "*#:; ".contains(first) { line.removeFirst() }
      while line.last == " " { line.removeLast() }
      if line.hasPrefix("----") || line.hasPrefix("__") && line.hasSuffix("__") { continue }
      if !line.isEmpty { result.append(line) }
    }
    var plain = result.joined(separator: "\n")
    for (name, sign) in entities where plain.utf8.contains(UInt8(ascii: "&")) {
      plain = plain.replacing(name, sign)
    }
    // What templates leave in parentheses.
    for empty in ["（）", "()", "（、）"] { plain = plain.replacing(empty, "") }
    return plain
  }

  // MARK: Searching

  private static func starts(_ bytes: [UInt8], _ text: String, at place: Int) -> Bool {
    bytes[place...].starts(with: text.utf8)
  }

  private static func find(_ text: String, in bytes: [UInt8], from start: Int) -> Int? {
    guard let first = text.utf8.first else { return nil }
    var place = start
    while place < bytes.count, let next = bytes[place...].firstIndex(of: first) {
      if starts(bytes, text, at: next) { return next }
      place = next + 1
    }
    return nil
  }
}

extension String {
  /// The text with each `old` replaced, from left to right; by bytes, so that no composed character hides one.
  fileprivate func replacing(_ old: String, _ new: String) -> String {
    let (bytes, pattern) = (Array(utf8), Array(old.utf8))
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      if bytes[place] == pattern[0], bytes[place...].starts(with: pattern) {
        result += new.utf8
        place += pattern.count
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
