internal import Base
internal import Glibc

/// The vertical axis of a chart: values to dot rows and back.
struct ValueAxis {
  let low, high: Double
  let isLog: Bool
  let dotRows: Int

  init(of chart: LineChart, dotRows: Int) {
    self.dotRows = max(1, dotRows)
    isLog = chart.scale == .log
    var low = Double.infinity
    var high = -Double.infinity
    if let range = chart.range {
      (low, high) = (range.lowerBound, range.upperBound)
    } else {
      for curve in chart.series {
        for case .some(let column) in curve.columns where column.isFinite {
          // A column may reach from below zero to above it; only the part above has a logarithm.
          for value in [column.minimum, column.maximum] where !isLog || value > 0 {
            (low, high) = (min(low, value), max(high, value))
          }
        }
      }
    }
    if isLog, low <= 0 { low = min(high, 1e-9) }
    if !(low <= high) || !low.isFinite || !high.isFinite { (low, high) = (isLog ? 1 : 0, 1) }
    if low == high {
      let margin = low == 0 ? 1 : abs(low) * 0.1
      (low, high) = isLog ? (low / 1.1, high * 1.1) : (low - margin, high + margin)
    }
    self.low = isLog ? log10(max(low, .leastNormalMagnitude)) : low
    self.high = isLog ? log10(max(high, .leastNormalMagnitude)) : high
  }

  /// The dot row of `value`, from the top; values beyond the ends lie on them.
  func row(of value: Double) -> Int {
    guard value > 0 || !isLog else { return dotRows - 1 }
    let position = isLog ? log10(value) : value
    // Halves, so that the difference of two huge values cannot overflow.
    let fraction = (position / 2 - low / 2) / (high / 2 - low / 2)
    let clamped = fraction.isFinite ? min(1, max(0, fraction)) : 0
    return Int(((1 - clamped) * Double(dotRows - 1)).rounded())
  }

  /// The value at dot row `row`.
  func value(at row: Double) -> Double {
    let fraction = dotRows > 1 ? 1 - row / Double(dotRows - 1) : 0
    let position = low * (1 - fraction) + high * fraction
    return isLog ? pow(10, position) : position
  }

  /// Whether something of `column` lies above the top.
  func isAbove(_ column: LineChart.Column) -> Bool {
    guard column.isFinite, column.maximum > 0 || !isLog else { return false }
    let position = isLog ? log10(column.maximum) : column.maximum
    return position > high + (high - low).magnitude * 1e-9
  }

  /// Draws the line and its values left of the curves; `body` begins with the gutter.
  func draw(in body: Rect, on surface: inout Surface) {
    for y in 0..<body.height {
      surface.put(
        "|", at: Point(x: body.x + LineChart.gutter - 1, y: body.y + y), role: "chart.axis")
    }
    // A value at both ends and about every fourth row between.
    let steps = max(1, (body.height - 1) / 4)
    for step in 0...steps {
      let y = (body.height - 1) * step / steps
      let row = Double(dotRows - 1) * Double(y) / Double(max(1, body.height - 1))
      let text = TextWidth.pad(label(value(at: row)), to: LineChart.gutter - 1, .right)
      surface.put(
        text, at: Point(x: body.x, y: body.y + y), role: "chart.axis",
        columns: LineChart.gutter - 1)
    }
  }

  private func label(_ value: Double) -> String {
    let text = Format.significant(value, 3)
    if TextWidth.columns(of: text) < LineChart.gutter { return text }
    return abs(value) < 1 ? Format.significant(value, 2) : Format.short(value)
  }
}
