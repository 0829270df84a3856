/// Text being written: one line or several, edited by grapheme cluster.
///
/// A value; an input method needs nothing of it but the hardware cursor at the place of insertion,
/// which drawing sees to.
public struct TextInput: Equatable, Sendable {
  /// What a key did.
  public enum Outcome: Sendable, Equatable {
    case edited, moved
    /// Enter: take ``text``, then ``clear(remembering:)``.
    case submitted
    /// Not a key of inputs.
    case ignored
  }

  public private(set) var text: String
  /// Whether Ctrl+J and Alt+Enter make a new line.
  public let isMultiline: Bool
  /// Clusters before the cursor.
  public private(set) var cursor: Int
  /// What was written before, oldest first; Up recalls.
  public private(set) var history: [String] = []
  private var recalled: Int?
  private var draft = ""

  public init(text: String = "", isMultiline: Bool = false, history: [String] = []) {
    self.text = text
    self.isMultiline = isMultiline
    self.history = history
    cursor = text.count
  }

  /// Puts `text` in place of what is there, the cursor behind it.
  public mutating func replace(with text: String) {
    self.text = text
    cursor = text.count
  }

  /// Empties the input.
  ///
  /// - Parameter remembering: whether Up shall bring the text back.
  public mutating func clear(remembering: Bool = false) {
    if remembering, !text.isEmpty, history.last != text { history.append(text) }
    recalled = nil
    replace(with: "")
  }

  /// Inserts pasted text; where there is only one line, newlines become spaces.
  public mutating func paste(_ pasted: String) {
    insert(isMultiline ? pasted : String(pasted.map { $0.isNewline ? " " : $0 }))
  }

  /// Edits or moves by a key.
  public mutating func handle(_ key: Key) -> Outcome {
    switch key {
    case .character(let character): insert(String(character))
    case .altEnter, .control("j"):
      guard isMultiline else { return .ignored }
      insert("\n")
    case .enter: return .submitted
    case .backspace: return delete(from: cursor - 1, to: cursor)
    case .delete, .control("d"): return delete(from: cursor, to: cursor + 1)
    case .control("w"): return delete(from: wordStart(before: cursor), to: cursor)
    case .control("u"): return delete(from: lineStart, to: cursor)
    case .control("k"): return delete(from: cursor, to: lineEnd)
    case .left, .control("b"): return move(to: cursor - 1)
    case .right, .control("f"): return move(to: cursor + 1)
    case .wordLeft, .alt("b"): return move(to: wordStart(before: cursor))
    case .wordRight, .alt("f"): return move(to: wordEnd(after: cursor))
    case .home, .control("a"): return move(to: lineStart)
    case .end, .control("e"): return move(to: lineEnd)
    case .up: return moveLine(by: -1)
    case .down: return moveLine(by: 1)
    default: return .ignored
    }
    return .edited
  }

  private func index(_ offset: Int) -> String.Index {
    text.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex) ?? text.endIndex
  }

  private mutating func insert(_ inserted: String) {
    let place = index(cursor)
    // Counted anew, because a combining mark joins the cluster before the cursor.
    let head = text[..<place] + inserted
    let tail = text[place...]
    text = String(head + tail)
    cursor = min(text.count, head.count)
  }

  private mutating func delete(from start: Int, to end: Int) -> Outcome {
    let (start, end) = (max(0, start), min(text.count, end))
    guard start < end else { return .moved }
    text.removeSubrange(index(start)..<index(end))
    cursor = min(start, text.count)
    return .edited
  }

  private mutating func move(to offset: Int) -> Outcome {
    cursor = max(0, min(offset, text.count))
    return .moved
  }

  private var lineStart: Int {
    let head = text[..<index(cursor)]
    guard let newline = head.lastIndex(of: "\n") else { return 0 }
    return text.distance(from: text.startIndex, to: newline) + 1
  }

  private var lineEnd: Int {
    let place = index(cursor)
    let end = text[place...].firstIndex(of: "\n") ?? text.endIndex
    return text.distance(from: text.startIndex, to: end)
  }

  private func wordStart(before offset: Int) -> Int {
    let characters = Array(text)
    var start = offset
    while start > 0, characters[start - 1].isWhitespace { start -= 1 }
    while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
    return start
  }

  private func wordEnd(after offset: Int) -> Int {
    let characters = Array(text)
    var end = offset
    while end < characters.count, characters[end].isWhitespace { end += 1 }
    while end < characters.count, !characters[end].isWhitespace { end += 1 }
    return end
  }

  /// To the line above or below, keeping the column; from the first and the last, through history.
  private mutating func moveLine(by step: Int) -> Outcome {
    let (start, end) = (lineStart, lineEnd)
    let column = TextWidth.columns(of: text[index(start)..<index(cursor)])
    if step < 0 ? start > 0 : end < text.count {
      cursor = step < 0 ? start - 1 : end + 1
      let (start, end) = (lineStart, lineEnd)
      let line = text[index(start)..<index(end)]
      cursor = start + TextWidth.prefix(of: line, columns: column).text.count
      return .moved
    }
    return recall(by: step)
  }

  private mutating func recall(by step: Int) -> Outcome {
    let place = (recalled ?? history.count) + step
    guard place >= 0, place <= history.count, recalled != nil || step < 0, !history.isEmpty else {
      return .ignored
    }
    if recalled == nil { draft = text }
    recalled = place == history.count ? nil : place
    replace(with: place == history.count ? draft : history[place])
    return .edited
  }
}
