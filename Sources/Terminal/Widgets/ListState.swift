/// Which row of a list is chosen, and which stands at the top.
public struct ListState: Equatable, Sendable {
  public var selection: Int
  public var top: Int

  public init(selection: Int = 0, top: Int = 0) {
    self.selection = selection
    self.top = top
  }

  /// Chooses `row`, as near as the list has it, and scrolls no further than needed.
  ///
  /// - Parameters:
  ///   - count: rows of the list.
  ///   - page: rows that are visible at once.
  public mutating func select(_ row: Int, count: Int, page: Int) {
    selection = max(0, min(row, count - 1))
    top = visibleTop(count: count, page: page)
  }

  /// Chooses the row of `item` in a list that may have changed, the first if it is gone.
  ///
  /// - Returns: what is chosen now; `nil` if the list is empty.
  public mutating func keep<Item: Equatable>(
    _ item: Item?, of items: [Item], page: Int
  ) -> Item? {
    let row = items.firstIndex { $0 == item } ?? 0
    select(row, count: items.count, page: page)
    return items.isEmpty ? nil : items[row]
  }

  /// The top row with which the selection is visible and no row is wasted.
  public func visibleTop(count: Int, page: Int) -> Int {
    let page = max(1, page)
    let nearest = max(selection - page + 1, min(top, selection))
    return max(0, min(nearest, count - page))
  }

  /// Moves by a key; `false` if the key means nothing to lists.
  public mutating func handle(_ key: Key, count: Int, page: Int) -> Bool {
    let target: Int
    switch key {
    case .up, .character("k"): target = selection - 1
    case .down, .character("j"): target = selection + 1
    case .pageUp, .control("u"): target = selection - max(1, page - 1)
    case .pageDown, .control("d"): target = selection + max(1, page - 1)
    case .home: target = 0
    case .end, .character("G"): target = count - 1
    default: return false
    }
    select(target, count: count, page: page)
    return true
  }
}

/// Where a text is scrolled to.
public struct ScrollState: Equatable, Sendable {
  /// The first visible line.
  public var top: Int

  public init(top: Int = 0) { self.top = top }

  /// Shows the lines from `line` on, or the last page.
  public mutating func scroll(to line: Int, count: Int, page: Int) {
    top = max(0, min(line, count - max(1, page)))
  }

  /// Whether the end is visible, so that text that streams in should be followed.
  public func isAtEnd(count: Int, page: Int) -> Bool { top >= count - page }

  /// Moves by a key; `false` if the key means nothing here.
  public mutating func handle(_ key: Key, count: Int, page: Int) -> Bool {
    switch key {
    case .up, .character("k"): scroll(to: top - 1, count: count, page: page)
    case .down, .character("j"): scroll(to: top + 1, count: count, page: page)
    case .pageUp, .control("u"): scroll(to: top - max(1, page - 1), count: count, page: page)
    case .pageDown, .control("d"), .character(" "):
      scroll(to: top + max(1, page - 1), count: count, page: page)
    case .home: scroll(to: 0, count: count, page: page)
    case .end, .character("G"): scroll(to: count, count: count, page: page)
    default: return false
    }
    return true
  }
}
