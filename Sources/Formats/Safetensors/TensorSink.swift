import Base

/// Takes the elements of one tensor that is being written, piece by piece.
public struct TensorSink: ~Copyable {
  private let file: AppendFile
  private let type: TensorType
  private var buffer: [UInt8] = []
  private(set) var written = 0

  private static let pieceSize = 1 << 20

  init(_ file: AppendFile, type: TensorType) {
    self.file = file
    self.type = type
    buffer.reserveCapacity(TensorSink.pieceSize)
  }

  /// Adds floats, stored in the tensor's type (F32, F64, or F16 and BF16 rounded to nearest even).
  public mutating func put(_ values: Span<Float>) throws {
    switch type {
    case .f32: for i in values.indices { try append(values[i].bitPattern) }
    case .bf16: for i in values.indices { try append(TensorSink.bf16(values[i])) }
    case .f16: for i in values.indices { try append(Float16(values[i]).bitPattern) }
    case .f64: for i in values.indices { try append(Double(values[i]).bitPattern) }
    default: preconditionFailure("floats for a tensor of type \(type.rawValue)")
    }
  }

  /// Adds floats, stored in the tensor's type.
  public mutating func put(_ values: [Float]) throws { try put(values.span) }

  /// Adds bytes as they are.
  public mutating func put(bytes: RawSpan) throws {
    for index in 0..<bytes.byteCount { try append(bytes.byte(at: index)) }
  }

  /// Adds bytes as they are.
  public mutating func put(bytes: [UInt8]) throws {
    try flush()
    try file.append(bytes)
    written += bytes.count
  }

  mutating func flush() throws {
    guard !buffer.isEmpty else { return }
    try file.append(buffer)
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private mutating func append<Bits: FixedWidthInteger>(_ bits: Bits) throws {
    buffer.appendLittleEndian(bits)
    if buffer.count >= TensorSink.pieceSize { try flush() }
  }

  /// The nearest bfloat16, ties to even; a NaN stays one.
  static func bf16(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    if value.isNaN { return UInt16(bits >> 16) | 0x40 }
    return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
  }
}
