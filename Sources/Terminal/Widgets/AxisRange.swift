/// The values a vertical axis should show so that a few outliers do not flatten the rest of the curves.
///
/// The top is the highest of the running medians of the columns' greatest values, over a sixteenth of the
/// columns: what stands out more briefly than that is an outlier. The beginning of a curve counts as it is,
/// because a loss begins high. Nothing is cut that would not gain the rest a quarter of the height.
public struct AxisRange: Sendable, Equatable {
  /// Bottom and top; `nil` if there is no finite value.
  public let range: ClosedRange<Double>?
  /// Whether values lie above the top.
  public let isCut: Bool

  /// Room above the highest median, as a part of the range.
  private static let headroom = 0.08

  /// - Parameter curves: the dot columns of each curve of the chart.
  public init(of curves: [[LineChart.Column?]]) {
    var low = Double.infinity
    var high = -Double.infinity
    var steady = -Double.infinity
    for curve in curves {
      let columns = curve.compactMap { $0.flatMap { $0.isFinite ? $0 : nil } }
      guard let first = columns.first else { continue }
      low = min(low, columns.map(\.minimum).min() ?? low)
      let greatest = columns.map(\.maximum)
      high = max(high, greatest.max() ?? high)
      steady = max(steady, first.maximum, Self.highestMedian(of: greatest))
    }
    guard low <= high else {
      (range, isCut) = (nil, false)
      return
    }
    let top = min(high, steady + (steady - low) * Self.headroom)
    isCut = top > low && (high - low) > (top - low) * 1.25
    range = low...(isCut ? top : high)
  }

  private static func highestMedian(of values: [Double]) -> Double {
    let half = max(2, values.count / 32)
    var highest = -Double.infinity
    for place in values.indices {
      let window = values[max(0, place - half)...min(values.count - 1, place + half)].sorted()
      highest = max(highest, window[window.count / 2])
    }
    return highest
  }
}
