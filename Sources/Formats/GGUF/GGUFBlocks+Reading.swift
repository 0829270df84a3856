import Base

/// The blocks of ggml's quantised types.
///
/// Formulas and layouts are those of the reference implementation (ggml-org/ggml, ggml-quants.c), in
/// single precision, each product and sum rounded by itself.
enum GGUFBlocks {
  /// Turns whole blocks into floats.
  ///
  /// - Parameters:
  ///   - type: a readable type.
  ///   - bytes: the blocks.
  ///   - output: as many elements as the blocks have.
  static func read(_ type: GGUFType, _ bytes: RawSpan, into output: inout MutableSpan<Float>) {
    let (elements, size) = type.block
    precondition(
      bytes.byteCount == output.count / elements * size && output.count % elements == 0,
      "\(output.count) elements of \(type.name) in \(bytes.byteCount) bytes")
    for index in 0..<output.count / elements {
      let block = bytes.extracting(index * size..<(index + 1) * size)
      let place = index * elements
      switch type {
      case .f32: output[place] = Float(bitPattern: block.littleEndian(at: 0, as: UInt32.self))
      case .f64:
        output[place] = Float(Double(bitPattern: block.littleEndian(at: 0, as: UInt64.self)))
      case .f16: output[place] = block.half(at: 0)
      case .bf16:
        output[place] = Float(
          bitPattern: UInt32(block.littleEndian(at: 0, as: UInt16.self)) << 16)
      case .q8_0: readQ8(block, into: &output, at: place)
      case .q4_0, .q4_1, .q5_0, .q5_1: read45(type, block, into: &output, at: place)
      case .q4_k, .q5_k: read45K(type, block, into: &output, at: place)
      case .q6_k: readQ6K(block, into: &output, at: place)
      default: preconditionFailure("blocks of \(type.name) are not read")
      }
    }
  }

  /// y = d·q, q a signed byte.
  private static func readQ8(
    _ block: RawSpan, into output: inout MutableSpan<Float>, at place: Int
  ) {
    let scale = block.half(at: 0)
    for i in 0..<32 {
      output[place + i] = Float(Int8(bitPattern: block.byte(at: 2 + i))) * scale
    }
  }

  /// y = d·(q − 8) or d·q + m for 4 bits, d·(q − 16) or d·q + m for 5.
  ///
  /// Low halves of the bytes hold the first 16 elements, high halves the others; a fifth bit is that of
  /// the element's number in a word of 32.
  private static func read45(
    _ type: GGUFType, _ block: RawSpan, into output: inout MutableSpan<Float>, at place: Int
  ) {
    let scale = block.half(at: 0)
    let hasLeast = type == .q4_1 || type == .q5_1
    let hasFifth = type == .q5_0 || type == .q5_1
    let least = hasLeast ? block.half(at: 2) : 0
    var at = hasLeast ? 4 : 2
    let fifths = hasFifth ? block.littleEndian(at: at, as: UInt32.self) : 0
    if hasFifth { at += 4 }
    let middle: Int32 = hasLeast ? 0 : hasFifth ? 16 : 8
    for i in 0..<16 {
      let byte = UInt32(block.byte(at: at + i))
      let low = Int32(byte & 15 | (fifths >> UInt32(i) & 1) << 4)
      let high = Int32(byte >> 4 | (fifths >> UInt32(i + 16) & 1) << 4)
      if hasLeast {
        output[place + i] = scale * Float(low) + least
        output[place + i + 16] = scale * Float(high) + least
      } else {
        output[place + i] = scale * Float(low - middle)
        output[place + i + 16] = scale * Float(high - middle)
      }
    }
  }

  /// y = (d·s)·q − (dmin·m) for eight groups of 32, with scales s and m of 6 bits.
  private static func read45K(
    _ type: GGUFType, _ block: RawSpan, into output: inout MutableSpan<Float>, at place: Int
  ) {
    let scale = block.half(at: 0)
    let leastScale = block.half(at: 2)
    let hasFifth = type == .q5_k
    let quants = hasFifth ? 48 : 16
    for group in 0..<8 {
      let (s, m) = scaleAndLeast(block, group)
      let d = scale * Float(s)
      let least = leastScale * Float(m)
      let shift = UInt8(4 * (group % 2))
      for i in 0..<32 {
        var q = block.byte(at: quants + 32 * (group / 2) + i) >> shift & 15
        if hasFifth { q |= (block.byte(at: 16 + i) >> UInt8(group) & 1) << 4 }
        output[place + 32 * group + i] = d * Float(q) - least
      }
    }
  }

  /// The two numbers of 6 bits of a group: twelve bytes hold eight of each. The first four have a byte
  /// each, whose two high bits are the others' high ones.
  private static func scaleAndLeast(_ block: RawSpan, _ group: Int) -> (UInt8, UInt8) {
    func byte(_ index: Int) -> UInt8 { block.byte(at: 4 + index) }
    if group < 4 { return (byte(group) & 63, byte(group + 4) & 63) }
    let low = byte(group + 4)
    return (low & 15 | byte(group - 4) >> 2 & 48, low >> 4 | byte(group) >> 2 & 48)
  }

  /// y = (d·s)·(q − 32) for sixteen groups of 16, with a signed byte s.
  private static func readQ6K(
    _ block: RawSpan, into output: inout MutableSpan<Float>, at place: Int
  ) {
    let scale = block.half(at: 208)
    for group in 0..<16 {
      let d = scale * Float(Int8(bitPattern: block.byte(at: 192 + group)))
      // Four rows of 32 share 64 bytes of low halves and 32 bytes of high pairs.
      let (half, row) = (group / 8, group % 8 / 2)
      for i in 0..<16 {
        let column = group % 2 * 16 + i
        let low = block.byte(at: 64 * half + row % 2 * 32 + column) >> UInt8(row / 2 * 4) & 15
        let high = block.byte(at: 128 + 32 * half + column) >> UInt8(2 * row) & 3
        output[place + 16 * group + i] = d * Float(Int32(low | high << 4) - 32)
      }
    }
  }
}

extension RawSpan {
  /// A number in half precision.
  fileprivate func half(at offset: Int) -> Float {
    Float(Float16(bitPattern: littleEndian(at: offset, as: UInt16.self)))
  }
}
