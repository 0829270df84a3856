/// A fraction as a bar of ASCII signs, safe in every terminal: `[####......]`.
public enum Bar {
  /// The bar in exactly `width` columns (at least 3).
  ///
  /// Only a fraction of 1 fills it wholly, so that 99.9% does not look done.
  public static func text(_ fraction: Double, width: Int) -> String {
    let inner = max(1, width - 2)
    let clamped = fraction.isFinite ? min(1, max(0, fraction)) : 0
    let full = Int(clamped * Double(inner))
    return "[" + String(repeating: "#", count: full)
      + String(repeating: ".", count: inner - full) + "]"
  }

  /// Draws the bar at `point`.
  public static func draw(
    _ fraction: Double, at point: Point, width: Int, on surface: inout Surface
  ) {
    let bar = text(fraction, width: width)
    surface.put(bar, at: point, role: "ui.bar.empty")
    let full = bar.prefix { $0 != "." && $0 != "]" }
    surface.put(full, at: point, role: "ui.bar.full")
  }
}
