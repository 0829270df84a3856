import Base

/// The oracle: every verb in float64, one plain loop after another, with storage of its own.
///
/// Nothing here is fast or clever. Tests compare other devices with it, and its gradients with differences. Of a
/// precision with bf16 it rounds what that keeps as bf16, and computes in float64 as ever.
public final class ReferenceDevice: Device {
  public var name: String {
    "reference (float64" + (precision == .fp32 ? ")" : ", \(precision.rawValue))")
  }
  public var arithmetic: String {
    "reference float64" + (precision == .fp32 ? "" : " \(precision.rawValue)")
  }
  public let precision: Precision

  /// A device; each has memory of its own.
  public init(precision: Precision = .fp32) { self.precision = precision }

  public func allocate(_ type: ElementType, count: Int) throws -> DeviceMemory {
    ReferenceMemory(type, count: count, rounds: type == .operand && precision.isHalf)
  }

  public func bytes(_ type: ElementType) -> Int { type == .index ? 4 : 8 }

  public func upload(_ values: Span<Float>, to view: View) {
    for index in values.indices { view[index] = Double(values[index]) }
  }

  public func upload(_ values: Span<Int32>, to view: View) {
    let memory = view.reference
    for index in values.indices { memory.indices[view.offset + index] = values[index] }
  }

  /// Copies reals of full precision, for differences.
  public func upload(_ values: [Double], to view: View) {
    for index in values.indices { view[index] = values[index] }
  }

  public func upload(_ values: Span<Float>, to weights: Weights) {
    for index in values.indices { weights[index] = Double(values[index]) }
  }

  public func download(_ view: View, into values: inout MutableSpan<Float>) {
    for index in values.indices { values[index] = Float(view[index]) }
  }

  public func download(_ weights: Weights, into values: inout MutableSpan<Float>) {
    for index in values.indices { values[index] = Float(weights[index]) }
  }

  /// The reals in full precision.
  public func reals(_ view: View) -> [Double] { (0..<view.count).map { view[$0] } }

  public func fill(_ view: View, with value: Float) {
    for index in 0..<view.count { view[index] = Double(value) }
  }

  public func copy(_ source: View, to target: View) {
    for index in 0..<source.count { target[index] = source[index] }
  }

  public var fewRows: Int { 0 }
  public func productScratch(rows: Int, depth: Int, columns: Int, into type: ElementType) -> Int {
    0
  }
  public func attentionScratch(rows: Int, shape: AttentionShape) -> Int { 0 }

  public func headScratch(rows: Int, width: Int, vocabulary: Int) -> Int { 0 }

  // Small on purpose, so that tests cross from one chunk to the next.
  public func headChunk(vocabulary: Int) -> Int { 3 }
}

/// Float64 or Int32 numbers in an array.
///
/// `@unchecked Sendable` for the reason ``DeviceMemory`` gives.
final class ReferenceMemory: DeviceMemory, @unchecked Sendable {
  var reals: [Double]
  var indices: [Int32]
  /// Whether reals are rounded to bf16 when they are written.
  let rounds: Bool

  init(_ type: ElementType, count: Int, rounds: Bool) {
    self.rounds = rounds
    reals = type == .index ? [] : [Double](repeating: 0, count: count)
    indices = type == .index ? [Int32](repeating: 0, count: count) : []
    super.init(type: type, count: count)
  }
}

extension View {
  /// The memory, which must be a reference device's.
  var reference: ReferenceMemory {
    precondition(type(of: memory) == ReferenceMemory.self, "memory of another device")
    // Checked just above; a conditional cast of each element would take most of the oracle's time.
    return unsafe unsafeDowncast(memory, to: ReferenceMemory.self)
  }

  /// Element `index` of a reference device's reals.
  subscript(index: Int) -> Double {
    get { reference.reals[offset + index] }
    nonmutating set {
      let memory = reference
      memory.reals[offset + index] = memory.rounds ? newValue.roundedToHalf : newValue
    }
  }

  /// Element `index` of a reference device's indices.
  func integer(_ index: Int) -> Int { Int(reference.indices[offset + index]) }
}

extension Matrix {
  /// Element (row, column) on a reference device.
  subscript(row: Int, column: Int) -> Double {
    get { view[row * stride + column] }
    nonmutating set { view[row * stride + column] = newValue }
  }
}

extension Weights {
  /// The whole of weight `index` on a reference device.
  subscript(index: Int) -> Double {
    get { values[index] + (rest?[index] ?? 0) }
    nonmutating set {
      values[index] = newValue
      rest?[index] = newValue - values[index]
    }
  }
}

extension Double {
  /// The bf16 nearest to the nearest fp32, ties to even.
  var roundedToHalf: Double {
    let bits = Float(self).bitPattern
    guard Float(self).isFinite else { return self }
    return Double(Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000))
  }
}

extension Rows {
  /// The rows in use, read from a reference device's memory.
  var referenceCount: Int { live.map { min(capacity, max(0, $0.integer(0))) } ?? capacity }
}
