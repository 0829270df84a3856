/// A row of values as a small curve of braille dots, two values a column.
public enum Sparkline {
  /// The latest values that fit `columns`, from the least (no dot above the ground) to the greatest.
  ///
  /// Values that are not finite leave a gap.
  public static func text(_ values: [Double], columns: Int) -> String {
    let shown = values.suffix(max(0, columns) * 2)
    let finite = shown.filter(\.isFinite)
    var grid = Braille(columns: columns, rows: 1)
    if let low = finite.min(), let high = finite.max() {
      for (x, value) in shown.enumerated() where value.isFinite {
        let level = high > low ? Int(((value - low) / (high - low) * 3).rounded()) : 0
        grid.set(x: x, from: 3 - level, to: 3)
      }
    }
    return String(
      (0..<grid.columns).map { column in
        grid.pattern(column: column, row: 0).map(Braille.character) ?? " "
      })
  }
}
