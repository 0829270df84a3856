/// One metric of a run over its steps: each step once.
public struct Series: Sendable {
  public private(set) var steps = StepIndex()
  public private(set) var pyramid = MinMaxPyramid()

  public init() {}

  public var count: Int { pyramid.count }
  public var isEmpty: Bool { count == 0 }
  public var values: [Double] { pyramid.values }
  /// The newest value, finite or not.
  public var last: Double? { pyramid.values.last }
  public var lastStep: Int? { isEmpty ? nil : steps.last }
  public var firstStep: Int? { isEmpty ? nil : steps.step(at: 0) }

  /// Adds a point; its step is greater than all before.
  public mutating func append(step: Int, _ value: Double) {
    steps.append(step)
    pyramid.append(value)
  }

  /// Takes out the points of the steps after `step`, and gives them.
  mutating func cut(after step: Int) -> [Point] {
    guard steps.last > step else { return [] }
    let place = steps.place(from: step + 1)
    let cut = (place..<count).map { Point(step: steps.step(at: $0), value: values[$0]) }
    steps.truncate(to: place)
    pyramid.truncate(to: place)
    return cut
  }

  /// The value at exactly `step`.
  public func value(at step: Int) -> Double? {
    let place = steps.place(from: step)
    guard place < count, steps.step(at: place) == step else { return nil }
    return values[place]
  }

  /// The value of the newest point at `step` or before.
  public func value(upTo step: Int) -> Double? {
    let place = steps.place(from: step + 1)
    return place > 0 ? values[place - 1] : nil
  }

  /// The points of a stretch of steps.
  public func points(_ range: Range<Int>) -> [Point] {
    let places = steps.place(from: range.lowerBound)..<steps.place(from: range.upperBound)
    return places.map { Point(step: steps.step(at: $0), value: values[$0]) }
  }

  /// Sums up the steps of `range` in `count` columns of equal width: what a chart draws.
  ///
  /// Each point of the range is in exactly one column, so that no spike can fall between two.
  ///
  /// - Complexity: O(`count` · log(points in a column)).
  public func columns(_ range: Range<Int>, count: Int) -> [Bin] {
    guard count > 0, !range.isEmpty else { return [] }
    let span = Double(range.upperBound - range.lowerBound)
    return columns(
      edges: (0...count).map { column in
        column == count
          ? range.upperBound
          : range.lowerBound + Int((span * Double(column) / Double(count)).rounded(.up))
      })
  }

  /// Sums up the steps between each two neighbours of `edges`, which ascend: columns of any widths.
  public func columns(edges: [Int]) -> [Bin] {
    guard let first = edges.first else { return [] }
    var start = steps.place(from: first)
    return edges.dropFirst().map { edge in
      let end = max(start, steps.place(from: edge))
      defer { start = end }
      return pyramid.bin(start..<end)
    }
  }

  /// The places of the points of a stretch of steps.
  public func places(_ range: Range<Int>) -> Range<Int> {
    let begin = steps.place(from: range.lowerBound)
    return begin..<max(begin, steps.place(from: range.upperBound))
  }

  /// The step of the first point whose value is at least `value`, of a series that never falls; `nil` if none is.
  public func firstStep(reaching value: Double) -> Int? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] >= value { high = middle } else { low = middle + 1 }
    }
    return low < count ? steps.step(at: low) : nil
  }

  /// What `runs show` says of the metric.
  public var summary: MetricSummary {
    let bin = pyramid.whole
    return MetricSummary(
      last: last, minimum: bin.hasFinite ? bin.minimum : nil,
      maximum: bin.hasFinite ? bin.maximum : nil, count: bin.count, nonFinite: bin.nonFinite)
  }
}

/// One value of a metric.
public struct Point: Equatable, Sendable {
  public let step: Int
  public let value: Double
}
