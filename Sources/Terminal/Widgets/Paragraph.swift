/// A few sentences, wrapped: what an empty box says to do next.
public struct Paragraph {
  public var text: String
  public var role: Role

  public init(_ text: String, role: Role = "ui.text") {
    self.text = text
    self.role = role
  }

  /// Draws as many lines as fit into `rect`.
  public func draw(in rect: Rect, on surface: inout Surface) {
    guard !rect.isEmpty, !text.isEmpty else { return }
    let lines = TextWrap.lines(of: text, columns: rect.width)
    for (offset, line) in lines.prefix(rect.height).enumerated() {
      surface.put(
        line, at: Point(x: rect.x, y: rect.y + offset), role: role, columns: rect.width)
    }
  }
}
