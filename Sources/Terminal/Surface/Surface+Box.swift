extension Surface {
  /// Draws a frame around `rect`, with a title that carries the hidden state, and blanks the inside.
  ///
  /// - Parameters:
  ///   - title: cut to the frame's width.
  ///   - isFocused: whether keys go to this box: the title is then in brackets, so that it shows
  ///     without colour too.
  /// - Returns: the inside, in the same coordinates as `rect`.
  @discardableResult
  public mutating func box(_ rect: Rect, title: String = "", isFocused: Bool = false) -> Rect {
    let inner = rect.inset()
    guard rect.width >= 2, rect.height >= 2 else { return inner }
    let style = theme[isFocused ? "ui.border.focus" : "ui.border"]
    let pieces = BoxPieces(theme.frame)
    fill(rect)
    let bar = String(repeating: pieces.horizontal, count: inner.width)
    put(pieces.topLeft + bar + pieces.topRight, at: Point(x: rect.x, y: rect.y), style: style)
    put(
      pieces.bottomLeft + bar + pieces.bottomRight, at: Point(x: rect.x, y: rect.bottom - 1),
      style: style)
    for y in inner.y..<inner.bottom {
      put(pieces.vertical, at: Point(x: rect.x, y: y), style: style)
      put(pieces.vertical, at: Point(x: rect.right - 1, y: y), style: style)
    }
    if !title.isEmpty, inner.width >= 5 {
      // A piece of the frame is left at both ends, so that it is seen to be one.
      let room = inner.width - 4
      let text = TextWidth.cut(title, to: room)
      put(
        isFocused ? "[\(text)]" : " \(text) ", at: Point(x: rect.x + 2, y: rect.y),
        style: theme[isFocused ? "ui.title.focus" : "ui.title"])
    }
    return inner
  }
}

/// The characters of a frame.
private struct BoxPieces {
  let topLeft, topRight, bottomLeft, bottomRight, horizontal, vertical: String

  init(_ frame: FrameSet) {
    switch frame {
    case .ascii:
      (topLeft, topRight, bottomLeft, bottomRight) = ("+", "+", "+", "+")
      (horizontal, vertical) = ("-", "|")
    case .light:
      (topLeft, topRight, bottomLeft, bottomRight) = ("┌", "┐", "└", "┘")
      (horizontal, vertical) = ("─", "│")
    }
  }
}
