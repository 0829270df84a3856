/// A key and what it does now.
public struct KeyHint: Sendable, Equatable {
  public var key: String
  public var label: String
  public var isEnabled: Bool

  public init(_ key: String, _ label: String, isEnabled: Bool = true) {
    self.key = key
    self.label = label
    self.isEnabled = isEnabled
  }

  public init(_ key: Key, _ label: String, isEnabled: Bool = true) {
    self.init(key.description, label, isEnabled: isEnabled)
  }
}

/// One row with the keys that work now.
///
/// What does not fit is left out, but for the last hints, which are the way to the rest.
public struct KeyFooter {
  public var hints: [KeyHint]
  /// How many of the last hints always stay.
  public var kept: Int

  public init(_ hints: [KeyHint], kept: Int = 1) {
    self.hints = hints
    self.kept = kept
  }

  /// Draws into the first row of `rect`.
  public func draw(in rect: Rect, on surface: inout Surface) {
    surface.inside(rect) { surface in
      surface.fill(
        Rect(x: 0, y: 0, width: surface.size.width, height: 1), style: surface.theme["ui.footer"])
      var x = 0
      for hint in fitting(surface.size.width) {
        let base = surface.theme["ui.footer"]
        let keyStyle = surface.theme[hint.isEnabled ? "ui.key" : "ui.key.disabled"].over(base)
        let labelStyle =
          surface.theme[hint.isEnabled ? "ui.key.label" : "ui.key.disabled"].over(base)
        x += surface.put(hint.key, at: Point(x: x, y: 0), style: keyStyle) + 1
        x += surface.put(hint.label, at: Point(x: x, y: 0), style: labelStyle) + 2
      }
    }
  }

  private func fitting(_ width: Int) -> [KeyHint] {
    func columns(_ hint: KeyHint) -> Int {
      TextWidth.columns(of: hint.key) + 1 + TextWidth.columns(of: hint.label)
    }
    let last = hints.suffix(kept)
    // A gap of two between neighbours, none after the last.
    var room = width + 2 - last.reduce(0) { $0 + columns($1) + 2 }
    let first = hints.dropLast(kept).prefix { hint in
      room -= columns(hint) + 2
      return room >= 0
    }
    return Array(first + last)
  }
}
