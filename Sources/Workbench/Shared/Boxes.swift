import Base
import Terminal

extension Size {
  /// Whether there is room for several boxes side by side.
  var isWide: Bool { width >= 110 && height >= 28 }
}

extension Array where Element: Equatable {
  /// The element `offset` places after `current`, round and round; the first if that is not in it.
  func cycled(from current: Element, by offset: Int) -> Element {
    guard let place = firstIndex(of: current) else { return self[0] }
    return self[((place + offset) % count + count) % count]
  }
}

extension Surface {
  /// Draws a frame and, within it, what `body` draws.
  mutating func panel(
    _ rect: Rect, _ title: String, isFocused: Bool = false,
    _ body: (Rect, inout Surface) -> Void
  ) {
    let inner = box(rect, title: title, isFocused: isFocused)
    guard !inner.isEmpty else { return }
    inside(inner) { body($0.bounds, &$0) }
  }
}

extension ListState {
  /// For the title of a list of which not all may be in view: ` 3 of 40`; nothing for one row or none.
  func place(of count: Int) -> String {
    count > 1 ? " \(Format.count(selection + 1)) of \(Format.count(count))" : ""
  }
}
