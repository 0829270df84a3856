import Lab

extension Smoothing {
  /// Values that are smoothed one by one; a longer stretch is smoothed in groups, each by its middle.
  private static let most = 16_384

  /// The smoothed value at the end of each column; `nil` where a column has no point, or nothing is smoothed.
  func values(_ series: Lab.Series, edges: [Int]) -> [Double?] {
    guard self != .none, let first = edges.first, let last = edges.last else { return [] }
    // What lies before the stretch counts too, so that panning does not change a curve.
    let shown = series.places(first..<last)
    let warmup = shown.lowerBound - max(0, shown.lowerBound - 2_048)
    let places = (shown.lowerBound - warmup)..<shown.upperBound
    let size = max(1, (places.count + Self.most - 1) / Self.most)
    var smoother = Smoother(self, size: size)
    var column = 0
    var result = [Double?](repeating: nil, count: edges.count - 1)
    for begin in stride(from: places.lowerBound, to: places.upperBound, by: size) {
      let end = min(begin + size, places.upperBound)
      let bin = series.pyramid.bin(begin..<end)
      guard bin.hasFinite else { continue }
      smoother.add(size == 1 ? bin.last : bin.minimum / 2 + bin.maximum / 2)
      let step = series.steps.step(at: end - 1)
      guard step >= first else { continue }
      while column + 1 < result.count, edges[column + 1] <= step { column += 1 }
      result[column] = smoother.value
    }
    return result
  }
}

/// A running mean or median.
private struct Smoother {
  private let decay: Double?
  private var sum = 0.0
  private var weight = 0.0
  private var window: [Double] = []
  private var next = 0

  /// - Parameter size: values that one given to it stands for.
  init(_ smoothing: Smoothing, size: Int) {
    // A group counts as often as it has values.
    decay = smoothing.decay.map { decay in (1..<size).reduce(decay) { now, _ in now * decay } }
  }

  mutating func add(_ value: Double) {
    guard let decay else {
      if window.count < Smoothing.medianWidth {
        window.append(value)
      } else {
        window[next] = value
        next = (next + 1) % window.count
      }
      return
    }
    // Divided by the sum of the weights, so that the first values are not drawn to zero.
    sum = decay * sum + (1 - decay) * value
    weight = decay * weight + (1 - decay)
  }

  var value: Double? {
    guard decay == nil else { return weight > 0 ? sum / weight : nil }
    return window.isEmpty ? nil : window.sorted()[window.count / 2]
  }
}
