/// The largest values of one operand of one product in earlier steps.
struct FP8History: Sendable {
  /// Steps that are looked back on.
  static let length = 16

  private var values: [Float] = []

  /// The factor by which numbers are brought to the format's range before they are rounded.
  ///
  /// - Parameter now: the largest value, which counts where nothing is known of earlier ones.
  static func scale(largest: Float, _ format: FP8Format) -> Float {
    format.largest / max(largest, 1e-12)
  }

  /// The largest of earlier steps; `nil` at the first.
  var largest: Float? { values.max() }

  mutating func add(_ value: Float) {
    guard value.isFinite else { return }
    if values.count == Self.length { values.removeFirst() }
    values.append(value)
  }
}

/// How many numbers were rounded, and what happened to them.
public struct FP8Counts: Sendable {
  public private(set) var all = 0
  /// Larger than the format's largest after scaling.
  public private(set) var saturated = 0
  /// Not zero before, zero after.
  public private(set) var flushed = 0

  public init() {}

  /// Rounds `values` in place to numbers of the format divided by the scale.
  mutating func round(_ values: inout [Float], _ format: FP8Format, scale: Float) {
    let (inverse, largest) = (1 / scale, format.largest)
    var (saturated, flushed) = (0, 0)
    for index in values.indices {
      let scaled = values[index] * scale
      let result = format.nearest(scaled)
      if abs(scaled) > largest { saturated += 1 }
      if result == 0, scaled != 0 { flushed += 1 }
      values[index] = result * inverse
    }
    all += values.count
    self.saturated += saturated
    self.flushed += flushed
  }

  /// Shares of all numbers.
  public var saturatedShare: Double { all > 0 ? Double(saturated) / Double(all) : 0 }
  public var flushedShare: Double { all > 0 ? Double(flushed) / Double(all) : 0 }
}
