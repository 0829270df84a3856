/// A floating-point number of eight bits.
///
/// e4m3 (as OCP's E4M3FN): 4 bits of exponent with bias 7, 3 of mantissa, no infinity, at most 448. e5m2: 5 with bias
/// 15, 2 of mantissa, at most 57,344.
public enum FP8Format: Sendable {
  case e4m3, e5m2

  /// The largest number.
  public var largest: Float { self == .e4m3 ? 448 : 57_344 }
  /// The least number with a full mantissa, and the least of all.
  var leastNormal: Float { self == .e4m3 ? 0x1p-6 : 0x1p-14 }
  var least: Float { self == .e4m3 ? 0x1p-9 : 0x1p-16 }
  private var mantissaBits: UInt32 { self == .e4m3 ? 3 : 2 }

  /// The nearest number, the even one of two; what is larger than the largest becomes that; NaN stays.
  public func nearest(_ value: Float) -> Float {
    guard value.isFinite || value.isInfinite else { return value }
    let size = abs(value)
    if size >= largest { return value < 0 ? -largest : largest }
    if size < leastNormal {
      // Numbers of one spacing; scaling by powers of two is exact.
      return (value / least).rounded(.toNearestOrEven) * least
    }
    let dropped = 23 - mantissaBits
    let bits = value.bitPattern
    let odd = bits >> dropped & 1
    let rounded = bits + (1 << (dropped - 1)) - 1 + odd
    let result = Float(bitPattern: rounded & ~((1 << dropped) - 1))
    return abs(result) > largest ? (value < 0 ? -largest : largest) : result
  }
}

/// How products of eight-bit operands are trained.
public enum FP8Recipe: String, CaseIterable, Sendable {
  /// Activations and weights e4m3, gradients e5m2, each scaled by its largest value now.
  case hybridCurrent = "fp8-hybrid-current"
  /// The same, scaled by the largest value of the last 16 steps before this one.
  case hybridDelayed = "fp8-hybrid-delayed"
  /// Gradients are e4m3 too.
  case e4m3Current = "fp8-e4m3-current"
  case e4m3Delayed = "fp8-e4m3-delayed"

  var forward: FP8Format { .e4m3 }
  var backward: FP8Format {
    self == .hybridCurrent || self == .hybridDelayed ? .e5m2 : .e4m3
  }
  var isDelayed: Bool { self == .hybridDelayed || self == .e4m3Delayed }
}
