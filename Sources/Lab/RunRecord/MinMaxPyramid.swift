/// What lies within a stretch of a metric's values.
public struct Bin: Equatable, Sendable {
  /// The least and greatest finite values; +∞ and −∞ if there is none.
  public private(set) var minimum = Double.infinity
  public private(set) var maximum = -Double.infinity
  /// The first and last finite values; NaN if there is none.
  public private(set) var first = Double.nan
  public private(set) var last = Double.nan
  /// Values that are not a number, and infinities.
  public private(set) var nans: UInt32 = 0
  public private(set) var infinities: UInt32 = 0
  /// Values in all.
  public private(set) var count = 0

  public init() {}

  public var hasFinite: Bool { minimum <= maximum }
  public var nonFinite: Int { Int(nans) + Int(infinities) }
  public var isEmpty: Bool { count == 0 }

  /// Takes in the next value.
  mutating func add(_ value: Double) {
    count += 1
    guard value.isFinite else {
      if value.isNaN { nans &+= 1 } else { infinities &+= 1 }
      return
    }
    if value < minimum { minimum = value }
    if value > maximum { maximum = value }
    if first.isNaN { first = value }
    last = value
  }

  /// Takes in the stretch that follows.
  mutating func add(_ next: Bin) {
    count += next.count
    nans &+= next.nans
    infinities &+= next.infinities
    if next.minimum < minimum { minimum = next.minimum }
    if next.maximum > maximum { maximum = next.maximum }
    if first.isNaN { first = next.first }
    if !next.last.isNaN { last = next.last }
  }

  public static func == (a: Bin, b: Bin) -> Bool {
    func same(_ x: Double, _ y: Double) -> Bool { x == y || x.isNaN && y.isNaN }
    return a.count == b.count && a.nans == b.nans && a.infinities == b.infinities
      && a.minimum == b.minimum && a.maximum == b.maximum && same(a.first, b.first)
      && same(a.last, b.last)
  }
}

/// A growing row of values with the bins over them, so that any stretch is summed up quickly.
///
/// Level k holds a bin for each complete group of 16·2ᵏ values, aligned to the first value: bins never move
/// as values come, and the curve drawn from them does not shimmer.
public struct MinMaxPyramid: Sendable {
  /// Values under a bin of the lowest level.
  static let width = 16

  public private(set) var values: [Double] = []
  private var levels: [[Bin]] = []

  public init() {}

  public var count: Int { values.count }

  /// Adds a value at the end.
  ///
  /// - Complexity: O(1) amortised.
  public mutating func append(_ value: Double) {
    values.append(value)
    guard values.count.isMultiple(of: Self.width) else { return }
    var bin = Bin()
    for value in values[(values.count - Self.width)...] { bin.add(value) }
    var level = 0
    while true {
      if level == levels.count { levels.append([]) }
      levels[level].append(bin)
      let size = levels[level].count
      guard size.isMultiple(of: 2) else { return }
      bin = levels[level][size - 2]
      bin.add(levels[level][size - 1])
      level += 1
    }
  }

  /// Forgets the values from `count` on.
  public mutating func truncate(to count: Int) {
    guard count < values.count else { return }
    values.removeLast(values.count - count)
    for level in levels.indices {
      let complete = count / (Self.width << level)
      levels[level].removeLast(levels[level].count - complete)
    }
    while levels.last?.isEmpty == true { levels.removeLast() }
  }

  /// Sums up the values of a stretch, in order.
  ///
  /// - Complexity: O(log n) bins and at most 30 single values.
  public func bin(_ range: Range<Int>) -> Bin {
    var result = Bin()
    var index = max(0, range.lowerBound)
    let end = min(values.count, range.upperBound)
    while index < end {
      guard index.isMultiple(of: Self.width), index + Self.width <= end else {
        result.add(values[index])
        index += 1
        continue
      }
      var level = 0
      while index.isMultiple(of: Self.width << (level + 1)),
        index + Self.width << (level + 1) <= end
      {
        level += 1
      }
      result.add(levels[level][index / (Self.width << level)])
      index += Self.width << level
    }
    return result
  }

  /// All values summed up.
  public var whole: Bin { bin(0..<count) }
}
