/// Turns the columns of a curve into dots.
struct CurveTracer {
  let axis: ValueAxis

  /// Draws `columns` into both grids; returns the last dot.
  ///
  /// Each column is one vertical span. Neighbouring spans are joined, and columns without points are
  /// bridged by a straight line; columns whose points are all NaN or infinite break the curve.
  func trace(
    _ columns: [LineChart.Column?], into own: inout Braille, and shared: inout Braille
  ) -> (x: Int, y: Int)? {
    var last: (x: Int, top: Int, bottom: Int)?
    func set(_ x: Int, _ from: Int, _ to: Int) {
      own.set(x: x, from: from, to: to)
      shared.set(x: x, from: from, to: to)
    }
    for (x, column) in columns.prefix(own.dotColumns).enumerated() {
      guard let column else { continue }
      guard column.isFinite, !axis.isLog || column.maximum > 0 else {
        last = nil
        continue
      }
      let top = axis.row(of: column.maximum)
      let bottom = axis.row(of: column.minimum)
      if let last { join(last, to: (x, top, bottom), set) }
      set(x, top, bottom)
      last = (x, top, bottom)
    }
    return last.map { ($0.x, ($0.top + $0.bottom) / 2) }
  }

  private func join(
    _ a: (x: Int, top: Int, bottom: Int), to b: (x: Int, top: Int, bottom: Int),
    _ set: (Int, Int, Int) -> Void
  ) {
    if b.x == a.x + 1 {
      if b.top > a.bottom + 1 { set(b.x, a.bottom + 1, b.top) }
      if b.bottom < a.top - 1 { set(b.x, b.bottom, a.top - 1) }
      return
    }
    let (from, to) = ((a.top + a.bottom) / 2, (b.top + b.bottom) / 2)
    var previous = from
    for x in (a.x + 1)..<b.x {
      let y = from + (to - from) * (x - a.x) / (b.x - a.x)
      set(x, previous, y)
      previous = y
    }
    if previous < b.top { set(b.x, previous, b.top) }
    if previous > b.bottom { set(b.x, b.bottom, previous) }
  }
}
