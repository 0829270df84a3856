import Base

extension GGUFBlocks {
  /// Adds floats to `bytes` as whole blocks, with the very bytes of the reference quantisers.
  ///
  /// - Parameters:
  ///   - type: a writable type.
  ///   - values: such as the type ``holds(_:_:)``, a multiple of the block's elements.
  static func write(_ type: GGUFType, _ values: Span<Float>, to bytes: inout [UInt8]) {
    let elements = type.block.elements
    precondition(values.count % elements == 0, "\(values.count) elements of \(type.name)")
    for begin in stride(from: 0, to: values.count, by: elements) {
      let block = values.extracting(begin..<begin + elements)
      switch type {
      case .f32: bytes.appendLittleEndian(block[0].bitPattern)
      case .f16: bytes.appendLittleEndian(Float16(block[0]).bitPattern)
      case .bf16: bytes.appendLittleEndian(TensorSink.bf16(block[0]))
      case .q8_0: writeQ8(block, to: &bytes)
      case .q4_0: writeQ40(block, to: &bytes)
      case .q4_1: writeQ41(block, to: &bytes)
      default: preconditionFailure("blocks of \(type.name) are not written")
      }
    }
  }

  /// Whether a type can hold a number: blocks none that is not finite, none of them one whose scale (of Q4_1: whose
  /// least number) would become infinite in half precision.
  static func holds(_ type: GGUFType, _ value: Float) -> Bool {
    switch type {
    case .f32, .bf16: true
    case .f16: !value.isFinite || Float16(value).isFinite
    case .q8_0: Float16(value / 127).isFinite
    case .q4_0: Float16(value / 8).isFinite
    default: Float16(value).isFinite
    }
  }

  /// d = max|x| / 127, q = x/d to the nearest, ties away from zero.
  private static func writeQ8(_ x: Span<Float>, to bytes: inout [UInt8]) {
    var largest: Float = 0
    for i in x.indices { largest = max(largest, abs(x[i])) }
    let scale = largest / 127
    let inverse = scale == 0 ? 0 : 1 / scale
    bytes.appendLittleEndian(Float16(scale).bitPattern)
    for i in x.indices {
      let q = (x[i] * inverse).rounded(.toNearestOrAwayFromZero)
      bytes.append(UInt8(bitPattern: Int8(clamped(q, to: -128...127))))
    }
  }

  /// d = x / −8 for the x of largest magnitude, the first of several; q = ⌊x/d + 8.5⌋, at most 15.
  private static func writeQ40(_ x: Span<Float>, to bytes: inout [UInt8]) {
    var extreme: Float = 0
    for i in x.indices where abs(x[i]) > abs(extreme) { extreme = x[i] }
    let scale = extreme / -8
    let inverse = scale == 0 ? 0 : 1 / scale
    bytes.appendLittleEndian(Float16(scale).bitPattern)
    for i in 0..<16 {
      let low = clamped(x[i] * inverse + 8.5, to: 0...15)
      let high = clamped(x[i + 16] * inverse + 8.5, to: 0...15)
      bytes.append(UInt8(low | high << 4))
    }
  }

  /// m = min x, d = (max x − m) / 15, q = ⌊(x − m)/d + 0.5⌋, at most 15.
  private static func writeQ41(_ x: Span<Float>, to bytes: inout [UInt8]) {
    var (least, most) = (x[0], x[0])
    for i in x.indices {
      least = min(least, x[i])
      most = max(most, x[i])
    }
    let scale = (most - least) / 15
    let inverse = scale == 0 ? 0 : 1 / scale
    bytes.appendLittleEndian(Float16(scale).bitPattern)
    bytes.appendLittleEndian(Float16(least).bitPattern)
    for i in 0..<16 {
      let low = clamped((x[i] - least) * inverse + 0.5, to: 0...15)
      let high = clamped((x[i + 16] - least) * inverse + 0.5, to: 0...15)
      bytes.append(UInt8(low | high << 4))
    }
  }

  /// The whole part of `value`, or an end of the range; 0 where 1/d is infinite, d being subnormal: what the
  /// reference's conversion to a byte makes there of what is not finite.
  private static func clamped(_ value: Float, to range: ClosedRange<Int>) -> Int {
    guard value.isFinite else { return 0 }
    return Int(min(max(value, Float(range.lowerBound)), Float(range.upperBound)))
  }
}
