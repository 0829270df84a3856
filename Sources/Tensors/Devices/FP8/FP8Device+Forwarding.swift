/// What the device below does as it is.
extension FP8Device {
  public var name: String { "\(device.name), products \(recipe.rawValue)" }
  public var arithmetic: String { "\(device.arithmetic) \(recipe.rawValue)" }
  public var precision: Precision { device.precision }
  public var fewRows: Int { device.fewRows }

  public func allocate(_ type: ElementType, count: Int) throws -> DeviceMemory {
    try device.allocate(type, count: count)
  }
  public func bytes(_ type: ElementType) -> Int { device.bytes(type) }
  public func upload(_ values: Span<Float>, to view: View) { device.upload(values, to: view) }
  public func upload(_ values: Span<Float>, to weights: Weights) {
    device.upload(values, to: weights)
  }
  public func upload(_ values: Span<Int32>, to view: View) { device.upload(values, to: view) }
  public func download(_ view: View, into values: inout MutableSpan<Float>) {
    device.download(view, into: &values)
  }
  public func download(_ weights: Weights, into values: inout MutableSpan<Float>) {
    device.download(weights, into: &values)
  }
  public func fill(_ view: View, with value: Float) { device.fill(view, with: value) }
  public func copy(_ source: View, to target: View) { device.copy(source, to: target) }
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
  public func embedding(_ ids: View, table: Matrix, output: Matrix, rows: Rows) {
    device.embedding(ids, table: table, output: output, rows: rows)
  }
  public func embeddingGradient(_ ids: View, dOutput: Matrix, dTable: Matrix, rows: Rows) {
    device.embeddingGradient(ids, dOutput: dOutput, dTable: dTable, rows: rows)
  }
  public func addBias(_ bias: View, to x: Matrix, rows: Rows) {
    device.addBias(bias, to: x, rows: rows)
  }
  public func biasGradient(_ dOutput: Matrix, dBias: View, rows: Rows) {
    device.biasGradient(dOutput, dBias: dBias, rows: rows)
  }
  public func rmsNorm(
    _ x: Matrix, gain: View, epsilon: Float, output: Matrix, inverse: View, rows: Rows
  ) {
    device.rmsNorm(x, gain: gain, epsilon: epsilon, output: output, inverse: inverse, rows: rows)
  }
  public func rmsNormGradient(
    _ dOutput: Matrix, x: Matrix, gain: View, inverse: View, dInput: Matrix, accumulate: Bool,
    dGain: View, rows: Rows
  ) {
    device.rmsNormGradient(
      dOutput, x: x, gain: gain, inverse: inverse, dInput: dInput, accumulate: accumulate,
      dGain: dGain, rows: rows)
  }
  public func rope(
    _ x: Matrix, headSize: Int, positions: View, table: Matrix, direction: Float, rows: Rows
  ) {
    device.rope(
      x, headSize: headSize, positions: positions, table: table, direction: direction, rows: rows)
  }
  public func attention(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, shape: AttentionShape, mask: AttentionMask,
    output: Matrix, logSumExp: Matrix?, rows: Rows
  ) {
    device.attention(
      q, k, v, shape: shape, mask: mask, output: output, logSumExp: logSumExp, rows: rows)
  }
  public func attentionGradient(_ gradient: AttentionGradient, shape: AttentionShape, rows: Rows) {
    device.attentionGradient(gradient, shape: shape, rows: rows)
  }
  public func scatterRows(_ source: Matrix, to target: Matrix, at: View, rows: Rows) {
    device.scatterRows(source, to: target, at: at, rows: rows)
  }
  public func gatherRows(_ source: Matrix, at: View, output: Matrix, rows: Rows) {
    device.gatherRows(source, at: at, output: output, rows: rows)
  }
  public func swiglu(gate: Matrix, up: Matrix, output: Matrix, rows: Rows) {
    device.swiglu(gate: gate, up: up, output: output, rows: rows)
  }
  public func swigluGradient(
    _ dOutput: Matrix, gate: Matrix, up: Matrix, dGate: Matrix, dUp: Matrix, rows: Rows
  ) {
    device.swigluGradient(dOutput, gate: gate, up: up, dGate: dGate, dUp: dUp, rows: rows)
  }
  public func dropout(_ x: Matrix, rate: Float, purpose: UInt32, key: View, rows: Rows) {
    device.dropout(x, rate: rate, purpose: purpose, key: key, rows: rows)
  }
  public func add(_ a: Matrix, _ b: Matrix, output: Matrix, rows: Rows) {
    device.add(a, b, output: output, rows: rows)
  }
  public func copyRows(_ source: Matrix, to target: Matrix, rows: Rows) {
    device.copyRows(source, to: target, rows: rows)
  }
  public func crossEntropyHead(_ head: CrossEntropyHead, rows: Rows) {
    device.crossEntropyHead(head, rows: rows)
  }
  public func weightedSum(_ values: View, weights: View, total: View, rows: Rows) {
    device.weightedSum(values, weights: weights, total: total, rows: rows)
  }
  public func squaredNorm(_ gradient: View, partials: View) {
    device.squaredNorm(gradient, partials: partials)
  }
  public func stepOutcome(partials: View, loss: View, control: View, outcome: View) {
    device.stepOutcome(partials: partials, loss: loss, control: control, outcome: outcome)
  }
  public func update(_ step: UpdateStep) { device.update(step) }
  public func updateOrthogonally(_ orthogonal: OrthogonalStep, _ step: UpdateStep) {
    device.updateOrthogonally(orthogonal, step)
  }
}
