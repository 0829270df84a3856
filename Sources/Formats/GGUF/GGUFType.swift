/// The element types of a GGUF file's tensors, by the numbers that ggml gives them.
///
/// A block is the smallest part of a row that can be read alone. The names are ggml's, in lower case.
public enum GGUFType: UInt32, Sendable, CaseIterable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q8_1 = 9
  case q2_k = 10
  case q3_k = 11
  case q4_k = 12
  case q5_k = 13
  case q6_k = 14
  case q8_k = 15
  case iq2_xxs = 16
  case iq2_xs = 17
  case iq3_xxs = 18
  case iq1_s = 19
  case iq4_nl = 20
  case iq3_s = 21
  case iq2_s = 22
  case iq4_xs = 23
  case i8 = 24
  case i16 = 25
  case i32 = 26
  case i64 = 27
  case f64 = 28
  case iq1_m = 29
  case bf16 = 30
  case tq1_0 = 34
  case tq2_0 = 35
  case mxfp4 = 39

  /// The name that people use, as `Q4_K`.
  public var name: String { String(describing: self).uppercased() }

  /// The elements of a block and its bytes.
  public var block: (elements: Int, bytes: Int) {
    switch self {
    case .f32, .i32: (1, 4)
    case .f16, .bf16, .i16: (1, 2)
    case .f64, .i64: (1, 8)
    case .i8: (1, 1)
    case .q4_0, .iq4_nl: (32, 18)
    case .q4_1: (32, 20)
    case .q5_0: (32, 22)
    case .q5_1: (32, 24)
    case .q8_0: (32, 34)
    case .q8_1: (32, 40)
    case .mxfp4: (32, 17)
    case .q2_k: (256, 84)
    case .q3_k, .iq3_s: (256, 110)
    case .q4_k: (256, 144)
    case .q5_k: (256, 176)
    case .q6_k: (256, 210)
    case .q8_k: (256, 292)
    case .iq2_xxs, .tq2_0: (256, 66)
    case .iq2_xs: (256, 74)
    case .iq3_xxs: (256, 98)
    case .iq1_s: (256, 50)
    case .iq2_s: (256, 82)
    case .iq4_xs: (256, 136)
    case .iq1_m: (256, 56)
    case .tq1_0: (256, 54)
    }
  }

  /// Whether its blocks can be turned into floats here.
  public var isReadable: Bool {
    switch self {
    case .f32, .f16, .bf16, .f64, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_k, .q5_k, .q6_k: true
    default: false
    }
  }

  /// Whether floats can be turned into its blocks here.
  public var isWritable: Bool {
    switch self {
    case .f32, .f16, .bf16, .q4_0, .q4_1, .q8_0: true
    default: false
    }
  }

  /// The bytes of a tensor; `nil` if they overflow or its rows are not made of whole blocks.
  ///
  /// - Parameter shape: row-major, the length of a row last; empty for a scalar.
  public func byteCount(of shape: [Int]) -> Int? {
    guard (shape.last ?? 1) % block.elements == 0, shape.allSatisfy({ $0 >= 0 }) else { return nil }
    var elements = 1
    for extent in shape {
      let (product, overflow) = elements.multipliedReportingOverflow(by: extent)
      guard !overflow else { return nil }
      elements = product
    }
    let (total, overflow) = (elements / block.elements).multipliedReportingOverflow(by: block.bytes)
    return overflow ? nil : total
  }
}
