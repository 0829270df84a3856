/// Which strings of characters may be a piece.
struct PieceRules: Sendable {
  private let settings: UnigramSettings

  init(_ settings: UnigramSettings) { self.settings = settings }

  /// What the rules know of a character.
  struct Character: Equatable, Sendable {
    var isMark: Bool
    var isDigit: Bool
    /// `nil` for one that goes with any script.
    var script: Script?
  }

  func character(_ scalar: UInt32) -> Character {
    let isDigit = (0x30...0x39).contains(scalar)
    return Character(
      isMark: scalar == 0x2581, isDigit: isDigit,
      script: isDigit && !settings.splitByNumber || !settings.splitByScript
        ? nil : Script(of: scalar))
  }

  /// Whether some piece may hold the two characters side by side.
  ///
  /// `false` is certain, so that text can be cut there once and for all; `true` is not.
  func mayJoin(_ first: Character, _ second: Character) -> Bool {
    if second.isMark {
      return settings.splitByWhitespace
        ? first.isMark && settings.allowWhitespaceOnlyPieces : true
    }
    if settings.splitDigits, first.isDigit || second.isDigit { return false }
    guard !first.isMark, let one = first.script, let two = second.script else { return true }
    return one == two || one == .inherited || two == .inherited
  }

  /// The beginning of a piece, character by character.
  struct Prefix: Sendable {
    private(set) var length = 0
    private var script: Script?
    private var onlyMarks = true
    private var endsInMark = false
    private var holdsDigit = false

    /// Takes `character` in; `false` if no piece begins so.
    mutating func extend(by character: Character, _ settings: UnigramSettings) -> Bool {
      guard length < settings.maximumPieceLength, !(holdsDigit && settings.splitDigits) else {
        return false
      }
      if character.isMark {
        let runs = onlyMarks && settings.allowWhitespaceOnlyPieces
        guard length == 0 || runs || !settings.splitByWhitespace else { return false }
        endsInMark = true
      } else {
        // Of several spaces, only the last begins a word.
        if settings.splitByWhitespace, onlyMarks, length > 1 { return false }
        if settings.splitDigits, character.isDigit, length > 0 { return false }
        let own = character.script == .inherited ? script : character.script
        if let own, let script, own != script { return false }
        if character.script != .inherited || script == nil { script = own ?? nil }
        onlyMarks = false
        endsInMark = false
        holdsDigit = holdsDigit || character.isDigit
      }
      length += 1
      return true
    }

    /// Whether what was taken in is a piece as it stands.
    func isPiece(_ settings: UnigramSettings) -> Bool {
      guard length > 1 else { return length == 1 }
      if onlyMarks { return settings.allowWhitespaceOnlyPieces }
      return !endsInMark
    }
  }

  /// The state in which a piece has not begun.
  func prefix(extending prefix: Prefix, by character: Character) -> Prefix? {
    var longer = prefix
    return longer.extend(by: character, settings) ? longer : nil
  }

  func isPiece(_ prefix: Prefix) -> Bool { prefix.isPiece(settings) }
}
