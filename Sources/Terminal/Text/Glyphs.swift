internal import Base

/// Turns text into glyphs: the one place where text from outside meets the grid.
///
/// Whatever could move the cursor, change the terminal or hide something (controls, escapes, bidi
/// controls, zero-width and private-use characters, unassigned ones) becomes a visible placeholder
/// such as `<U+202E>`. What terminals lay out each in their own way (joined emoji, skin tones,
/// flags) becomes its first part and a placeholder, so that the columns are always known.
enum Glyphs {
  /// Columns a tab takes, wherever it stands: a width may not depend on the place of the text.
  static let tabColumns = 4

  /// Calls `body` with each glyph of `text`, in order.
  static func forEach(in text: some StringProtocol, _ body: (Glyph) -> Void) {
    for character in text { forEach(of: character, body) }
  }

  /// Calls `body` with each glyph of the grapheme cluster `character`.
  static func forEach(of character: Character, _ body: (Glyph) -> Void) {
    let scalars = character.unicodeScalars
    let first = scalars[scalars.startIndex]
    let second = scalars.index(after: scalars.startIndex)
    if second == scalars.endIndex, ScalarWidth.kind(of: first) == .ordinary,
      !isRegionalIndicator(first)
    {
      body(Glyph(base: first, columns: ScalarWidth.columns(of: first)))
      return
    }
    if first == "\t" {
      for _ in 0..<tabColumns { body(.blank) }
    } else if isRegionalIndicator(first) {
      placeholder(flag(scalars), body)
    } else if let joined = joinedParts(scalars) {
      body(Glyph(base: first, columns: ScalarWidth.columns(of: first)))
      placeholder("<+\(joined)>", body)
    } else {
      decompose(character, body)
    }
  }

  private static func decompose(_ character: Character, _ body: (Glyph) -> Void) {
    var cell: Glyph?
    var dropped = 0
    func flush() {
      if let glyph = cell { body(glyph) }
      if dropped > 0 { placeholder("<+\(dropped)>", body) }
      cell = nil
      dropped = 0
    }
    for scalar in character.unicodeScalars where !isPresentationSelector(scalar) {
      switch ScalarWidth.kind(of: scalar) {
      case .ordinary:
        flush()
        cell = Glyph(base: scalar, columns: ScalarWidth.columns(of: scalar))
      case .mark:
        // A mark without a base stands on a dotted circle, as Unicode's charts show it.
        if cell == nil { cell = Glyph(base: "\u{25CC}", columns: 1) }
        if cell?.add(scalar) == false { dropped += 1 }
      case .special:
        flush()
        placeholder(Sanitiser.placeholder(scalar), body)
      }
    }
    flush()
  }

  private static func placeholder(_ text: String, _ body: (Glyph) -> Void) {
    for scalar in text.unicodeScalars {
      var glyph = Glyph(base: scalar, columns: ScalarWidth.columns(of: scalar))
      glyph.isPlaceholder = true
      body(glyph)
    }
  }

  /// How many drawn parts of an emoji sequence a cell cannot hold; `nil` if it is none.
  private static func joinedParts(_ scalars: Character.UnicodeScalarView) -> Int? {
    guard let first = scalars.first, ScalarWidth.kind(of: first) == .ordinary else { return nil }
    var parts = 0
    var isSequence = false
    for scalar in scalars.dropFirst() {
      if scalar == "\u{200D}" || (0x1F3FB...0x1F3FF).contains(scalar.value) { isSequence = true }
      guard scalar != "\u{200D}", ScalarWidth.kind(of: scalar) != .mark else { continue }
      guard scalar.properties.isEmoji else { return nil }
      parts += 1
    }
    return isSequence && parts > 0 ? parts : nil
  }

  private static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  /// A flag is two indicator letters, which terminals draw as two, three or four columns.
  private static func flag(_ scalars: Character.UnicodeScalarView) -> String {
    var text = "<"
    for scalar in scalars where isRegionalIndicator(scalar) {
      text.unicodeScalars.append(Unicode.Scalar(UInt8(0x41 + scalar.value - 0x1F1E6)))
    }
    return text + ">"
  }

  /// Asks for text or emoji style only; terminals differ in whether it changes the width.
  private static func isPresentationSelector(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value == 0xFE0E || scalar.value == 0xFE0F
  }
}
