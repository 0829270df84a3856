import Synchronization

/// Stands for another device where programs are recorded to learn their sizes and never run: it counts what is asked
/// of it and holds nothing.
public final class PlanningDevice: Device {
  private let device: any Device
  private let allocated = Atomic<Int>(0)

  /// A device of the sizes of `device`.
  public init(for device: any Device) { self.device = device }

  /// Bytes asked of it since it was made.
  public var allocatedBytes: Int { allocated.load(ordering: .relaxed) }

  public var name: String { device.name }
  public var arithmetic: String { device.arithmetic }
  public var precision: Precision { device.precision }

  public func allocate(_ type: ElementType, count: Int) throws -> DeviceMemory {
    // Sizes that overflow are those that no machine holds.
    let bytes = count.multipliedReportingOverflow(by: bytes(type)).partialValue
    allocated.add(bytes, ordering: .relaxed)
    return DeviceMemory(type: type, count: count)
  }

  public func bytes(_ type: ElementType) -> Int { device.bytes(type) }
  public var fewRows: Int { device.fewRows }
  public func productScratch(rows: Int, depth: Int, columns: Int, into type: ElementType) -> Int {
    device.productScratch(rows: rows, depth: depth, columns: columns, into: type)
  }
  public func attentionScratch(rows: Int, shape: AttentionShape) -> Int {
    device.attentionScratch(rows: rows, shape: shape)
  }
  public func headChunk(vocabulary: Int) -> Int { device.headChunk(vocabulary: vocabulary) }
  public func headScratch(rows: Int, width: Int, vocabulary: Int) -> Int {
    device.headScratch(rows: rows, width: width, vocabulary: vocabulary)
  }
  public func orthogonalScratch(rows: Int, columns: Int) -> Int {
    device.orthogonalScratch(rows: rows, columns: columns)
  }

  // Tables are made while a program is recorded; nobody will read them.
  public func upload(_ values: Span<Float>, to view: View) {}
  public func upload(_ values: Span<Float>, to weights: Weights) {}
  public func upload(_ values: Span<Int32>, to view: View) {}

  // MARK: What is never run

  private func refuse() -> Never { preconditionFailure("a program for planning was run") }

  public func download(_ view: View, into values: inout MutableSpan<Float>) { refuse() }
  public func download(_ weights: Weights, into values: inout MutableSpan<Float>) { refuse() }
  public func fill(_ view: View, with value: Float) { refuse() }
  public func copy(_ source: View, to target: View) { refuse() }
  public func embedding(_ ids: View, table: Matrix, output: Matrix, rows: Rows) { refuse() }
  public func embeddingGradient(_ ids: View, dOutput: Matrix, dTable: Matrix, rows: Rows) {
    refuse()
  }
  public func linear(
    _ x: Matrix, weight: Matrix, residual: Matrix?, output: Matrix, scratch: View, rows: Rows
  ) { refuse() }
  public func linearInputGradient(
    _ dOutput: Matrix, weight: Matrix, dInput: Matrix, accumulate: Bool, scratch: View, rows: Rows
  ) { refuse() }
  public func linearWeightGradient(
    _ dOutput: Matrix, x: Matrix, dWeight: Matrix, scratch: View, rows: Rows
  ) { refuse() }
  public func addBias(_ bias: View, to x: Matrix, rows: Rows) { refuse() }
  public func biasGradient(_ dOutput: Matrix, dBias: View, rows: Rows) { refuse() }
  public func rmsNorm(
    _ x: Matrix, gain: View, epsilon: Float, output: Matrix, inverse: View, rows: Rows
  ) { refuse() }
  public func rmsNormGradient(
    _ dOutput: Matrix, x: Matrix, gain: View, inverse: View, dInput: Matrix, accumulate: Bool,
    dGain: View, rows: Rows
  ) { refuse() }
  public func rope(
    _ x: Matrix, headSize: Int, positions: View, table: Matrix, direction: Float, rows: Rows
  ) { refuse() }
  public func attention(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, shape: AttentionShape, mask: AttentionMask,
    output: Matrix, logSumExp: Matrix?, rows: Rows
  ) { refuse() }
  public func attentionGradient(_ gradient: AttentionGradient, shape: AttentionShape, rows: Rows) {
    refuse()
  }
  public func scatterRows(_ source: Matrix, to target: Matrix, at: View, rows: Rows) { refuse() }
  public func gatherRows(_ source: Matrix, at: View, output: Matrix, rows: Rows) { refuse() }
  public func swiglu(gate: Matrix, up: Matrix, output: Matrix, rows: Rows) { refuse() }
  public func swigluGradient(
    _ dOutput: Matrix, gate: Matrix, up: Matrix, dGate: Matrix, dUp: Matrix, rows: Rows
  ) { refuse() }
  public func dropout(_ x: Matrix, rate: Float, purpose: UInt32, key: View, rows: Rows) { refuse() }
  public func add(_ a: Matrix, _ b: Matrix, output: Matrix, rows: Rows) { refuse() }
  public func copyRows(_ source: Matrix, to target: Matrix, rows: Rows) { refuse() }
  public func crossEntropyHead(_ head: CrossEntropyHead, rows: Rows) { refuse() }
  public func weightedSum(_ values: View, weights: View, total: View, rows: Rows) { refuse() }
  public func squaredNorm(_ gradient: View, partials: View) { refuse() }
  public func stepOutcome(partials: View, loss: View, control: View, outcome: View) { refuse() }
  public func update(_ step: UpdateStep) { refuse() }
  public func updateOrthogonally(_ orthogonal: OrthogonalStep, _ step: UpdateStep) { refuse() }
}
