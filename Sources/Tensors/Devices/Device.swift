/// What can hold tensors and compute with them.
///
/// The verbs are the whole of what models, losses and optimisers need; each op's file in `Ops/` holds
/// the formula its verbs compute. Verbs run in the order they are called. Whatever changes between
/// two runs of a program reaches a verb through memory, never as an argument: arguments are
/// recorded once. Unless said otherwise a verb overwrites its outputs, touches only the rows in use,
/// and gives bits that do not depend on the number of threads. Matrices are of operands, or as the op that records
/// them says; what a verb computes it rounds once, when it is written.
public protocol Device: AnyObject, Sendable {
  /// What people call it, as "cpu (AVX-512, 2 threads)".
  var name: String { get }
  /// What the bits of its results depend on, as "cpu AVX-512 fp32".
  var arithmetic: String { get }
  /// How it keeps numbers.
  var precision: Precision { get }

  // MARK: Memory

  /// New memory, all zeros.
  ///
  /// - Throws: `Failure` if there is not enough.
  func allocate(_ type: ElementType, count: Int) throws -> DeviceMemory
  /// Bytes an element takes.
  func bytes(_ type: ElementType) -> Int
  /// Copies `values` from the host to the beginning of `view`, rounded if its elements are.
  func upload(_ values: Span<Float>, to view: View)
  /// Copies whole numbers to the beginning of `weights`.
  func upload(_ values: Span<Float>, to weights: Weights)
  /// Copies `values` from the host to the beginning of `view`.
  func upload(_ values: Span<Int32>, to view: View)
  /// Copies the beginning of `view` to the host, until `values` is full.
  func download(_ view: View, into values: inout MutableSpan<Float>)
  /// Copies the beginning of `weights`, whole, to the host.
  func download(_ weights: Weights, into values: inout MutableSpan<Float>)
  /// Sets every element.
  func fill(_ view: View, with value: Float)
  /// Copies `source` to the beginning of `target`.
  func copy(_ source: View, to target: View)

  // MARK: Sizes that are the device's choice

  /// Products recorded for at most so many rows may be summed in another order than those for more.
  var fewRows: Int { get }
  /// Reals of scratch that a product with an inner size `depth` and `columns` outputs of `type` needs.
  func productScratch(rows: Int, depth: Int, columns: Int, into type: ElementType) -> Int
  /// Reals of scratch that the gradient of an attention needs.
  func attentionScratch(rows: Int, shape: AttentionShape) -> Int
  /// Rows of logits that the loss holds at once, for a vocabulary.
  func headChunk(vocabulary: Int) -> Int
  /// Reals of scratch that the head and the loss of such a chunk of `rows` need besides the logits.
  func headScratch(rows: Int, width: Int, vocabulary: Int) -> Int

  // MARK: Ops

  /// Formula: ``Recorder/embedding(_:table:rows:)``.
  func embedding(_ ids: View, table: Matrix, output: Matrix, rows: Rows)
  /// Adds each row of `dOutput` to the row of `dTable` it came from, in row order.
  func embeddingGradient(_ ids: View, dOutput: Matrix, dTable: Matrix, rows: Rows)

  /// Formula: ``Recorder/linear(_:_:bias:residual:)``. `weight` is [outputs, inputs].
  func linear(
    _ x: Matrix, weight: Matrix, residual: Matrix?, output: Matrix, scratch: View, rows: Rows)
  /// dInput (+)= dOutput · weight.
  func linearInputGradient(
    _ dOutput: Matrix, weight: Matrix, dInput: Matrix, accumulate: Bool, scratch: View, rows: Rows)
  /// dWeight += dOutputᵀ · x.
  func linearWeightGradient(
    _ dOutput: Matrix, x: Matrix, dWeight: Matrix, scratch: View, rows: Rows)

  /// x[t] += bias, in place.
  func addBias(_ bias: View, to x: Matrix, rows: Rows)
  /// dBias += Σ_t dOutput[t], in row order.
  func biasGradient(_ dOutput: Matrix, dBias: View, rows: Rows)

  /// Formula: ``Recorder/rmsNorm(_:gain:epsilon:)``. `inverse` is
  /// [rows, heads], heads the columns of x over those of the gain.
  func rmsNorm(
    _ x: Matrix, gain: View, epsilon: Float, output: Matrix, inverse: View, rows: Rows)
  /// dInput (+)= …, dGain += ….
  func rmsNormGradient(
    _ dOutput: Matrix, x: Matrix, gain: View, inverse: View, dInput: Matrix, accumulate: Bool,
    dGain: View, rows: Rows)

  /// Formula: ``Recorder/rope(_:headSize:positions:table:)``; in place; `direction` −1 rotates back.
  func rope(
    _ x: Matrix, headSize: Int, positions: View, table: Matrix, direction: Float, rows: Rows)

  /// Formula: ``Recorder/attention(_:_:_:shape:mask:)``.
  func attention(
    _ q: Matrix, _ k: Matrix, _ v: Matrix, shape: AttentionShape, mask: AttentionMask,
    output: Matrix, logSumExp: Matrix?, rows: Rows)
  /// dq, dk, dv = …; only for a mask without key rows of its own.
  func attentionGradient(_ gradient: AttentionGradient, shape: AttentionShape, rows: Rows)
  /// target[at[t]] = source[t] for each row: what a key-value cache takes up.
  func scatterRows(_ source: Matrix, to target: Matrix, at: View, rows: Rows)
  /// output[t] = source[at[t]].
  func gatherRows(_ source: Matrix, at: View, output: Matrix, rows: Rows)

  /// Formula: ``Recorder/swiglu(_:_:)``. Gate and up share one stride.
  func swiglu(gate: Matrix, up: Matrix, output: Matrix, rows: Rows)
  /// dGate, dUp = …; they share one stride.
  func swigluGradient(
    _ dOutput: Matrix, gate: Matrix, up: Matrix, dGate: Matrix, dUp: Matrix, rows: Rows)

  /// Formula: ``Recorder/dropout(_:rate:key:)``; in place, forward and backward alike.
  func dropout(_ x: Matrix, rate: Float, purpose: UInt32, key: View, rows: Rows)
  /// output = a + b; it may be one of them.
  func add(_ a: Matrix, _ b: Matrix, output: Matrix, rows: Rows)
  /// target = source.
  func copyRows(_ source: Matrix, to target: Matrix, rows: Rows)

  /// Formula: ``Recorder/crossEntropyHead(_:weight:targets:weights:)``.
  func crossEntropyHead(_ head: CrossEntropyHead, rows: Rows)
  /// total[0] += Σ weights[t] · values[t], in row order.
  func weightedSum(_ values: View, weights: View, total: View, rows: Rows)

  // MARK: Optimiser

  /// partials[i] = Σ g² over the i-th 65,536 elements.
  func squaredNorm(_ gradient: View, partials: View)
  /// Decides about the step. Formula: ``Optimizer``.
  func stepOutcome(partials: View, loss: View, control: View, outcome: View)
  /// Updates the pieces by the rule and zeroes their gradient; a skipped step zeroes all of it.
  /// Formulas: ``OptimizerRule``.
  func update(_ step: UpdateStep)
  /// Reals of scratch that muon's update of a matrix needs.
  func orthogonalScratch(rows: Int, columns: Int) -> Int
  /// Updates the matrices by muon and zeroes their gradient, unless the step is skipped.
  func updateOrthogonally(_ orthogonal: OrthogonalStep, _ step: UpdateStep)
}
