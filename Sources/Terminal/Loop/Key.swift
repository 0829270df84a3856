/// A key press.
public enum Key: Hashable, Sendable {
  /// Text: one grapheme cluster, as typed or as an input method delivered it.
  case character(Character)
  /// Ctrl with a lower-case letter or one of `\ ] ^ _` and space.
  case control(Character)
  /// Alt with a character.
  case alt(Character)
  case enter, altEnter, tab, backTab, escape, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  /// Ctrl or Alt with an arrow, which moves by words.
  case wordLeft, wordRight
  /// F1 and on.
  case function(Int)
  /// Only where the program asked for the mouse.
  case mouse(Mouse)
}

extension Key: CustomStringConvertible {
  /// The key as help and footers write it: `q`, `Ctrl+C`, `Shift+Tab`, `F1`.
  public var description: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(" "): "Ctrl+Space"
    case .control(let character): "Ctrl+\(character.uppercased())"
    case .alt(let character): "Alt+\(character)"
    case .enter: "Enter"
    case .altEnter: "Alt+Enter"
    case .tab: "Tab"
    case .backTab: "Shift+Tab"
    case .escape: "Esc"
    case .backspace: "Backspace"
    case .delete: "Delete"
    case .insert: "Insert"
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    case .wordLeft: "Ctrl+Left"
    case .wordRight: "Ctrl+Right"
    case .function(let number): "F\(number)"
    case .mouse: "Mouse"
    }
  }
}
