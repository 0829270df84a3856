/// Writes down what a model does, once, as a ``Program``.
///
/// Ops are methods in `Ops/`; each records its forward verbs and, if the recorder differentiates, how to
/// record its backward verbs. A model calls ops; nobody writes a backward pass in a model.
public final class Recorder {
  /// The device the program is for.
  public let device: any Device
  /// The parameters the program reads.
  public let parameters: ParameterStore
  /// Whether gradients will be asked for.
  public let differentiates: Bool

  private struct Buffer {
    let count: Int
    let fixed: View?
    var life: MemoryPlan.Life?
  }

  /// The gradient of a stretch of columns.
  private struct GradientKey: Hashable {
    let buffer, column: Int
  }

  private var buffers: [Buffer] = []
  private var steps: [Program.Step] = []
  private var tape: [() -> Void] = []
  private var gradientBuffers: [Int: Tensor] = [:]
  private var written: Set<GradientKey> = []

  /// A recorder for one program.
  ///
  /// - Throws: `Failure` if there is no memory for the gradients.
  public init(_ parameters: ParameterStore, differentiates: Bool = false) throws {
    self.parameters = parameters
    self.differentiates = differentiates
    device = parameters.device
    if differentiates { try parameters.allocateGradient() }
  }

  // MARK: For ops

  /// A new tensor with room for the rows; its content is whatever the arena held.
  func tensor(rows: Rows, columns: Int) -> Tensor {
    Tensor(
      buffer: addBuffer(count: rows.capacity * columns), column: 0, stride: columns,
      columns: columns, rows: rows)
  }

  /// A vector of `count` reals that only one step uses.
  func scratch(_ count: Int) -> Tensor {
    let rows = Rows(capacity: 1)
    return Tensor(
      buffer: addBuffer(count: count), column: 0, stride: count, columns: count, rows: rows)
  }

  /// A tensor over memory that exists already, as an input or a cache.
  public func tensor(over view: View, rows: Rows, columns: Int) -> Tensor {
    precondition(
      view.count >= rows.capacity * columns,
      "\(rows.capacity) rows of \(columns) in a memory of \(view.count)")
    buffers.append(Buffer(count: view.count, fixed: view, life: nil))
    return Tensor(
      buffer: buffers.count - 1, column: 0, stride: columns, columns: columns, rows: rows)
  }

  /// Records a verb that touches `tensors`, and so keeps them alive until here.
  ///
  /// - Parameter flops: Operations of its products of matrices.
  func step(
    _ name: String, _ tensors: [Tensor], flops: Double = 0,
    _ run: @escaping (any Device, Placement) -> Void
  ) {
    for tensor in tensors where buffers[tensor.buffer].fixed == nil {
      let first = buffers[tensor.buffer].life?.first ?? steps.count
      buffers[tensor.buffer].life = MemoryPlan.Life(
        count: buffers[tensor.buffer].count, first: first, last: steps.count)
    }
    let touched = tensors.reduce(0) { $0 + $1.rows.capacity * $1.columns }
    let cost = VerbCost(flops: flops, bytes: 4 * Double(touched))
    steps.append(Program.Step(name: name, cost: cost, run: run))
  }

  /// Remembers how to record an op's backward pass.
  func backward(_ record: @escaping () -> Void) {
    if differentiates { tape.append(record) }
  }

  /// The gradient of `tensor`, or nil if nothing depends on it.
  func gradient(of tensor: Tensor) -> Tensor? {
    guard written.contains(GradientKey(buffer: tensor.buffer, column: tensor.column)),
      let whole = gradientBuffers[tensor.buffer]
    else { return nil }
    return whole.columns(tensor.column..<tensor.column + tensor.columns)
  }

  /// Where to write the gradient of `tensor`, and whether there is one to add to.
  func gradientTarget(_ tensor: Tensor) -> (tensor: Tensor, accumulate: Bool) {
    let whole: Tensor
    if let existing = gradientBuffers[tensor.buffer] {
      whole = existing
    } else {
      whole = self.tensor(rows: tensor.rows, columns: tensor.stride)
      gradientBuffers[tensor.buffer] = whole
    }
    let key = GradientKey(buffer: tensor.buffer, column: tensor.column)
    let accumulate = !written.insert(key).inserted
    return (whole.columns(tensor.column..<tensor.column + tensor.columns), accumulate)
  }

  /// Lets `target` take over the gradient of `source`, whose own readers must be done; adds if it has one.
  ///
  /// This is the backward pass of adding a residual: the gradient flows on unchanged, so its memory may too.
  func passGradient(of source: Tensor, to target: Tensor) {
    guard let gradient = gradient(of: source) else { return }
    let key = GradientKey(buffer: target.buffer, column: target.column)
    if gradientBuffers[target.buffer] == nil, target.column == 0, target.stride == target.columns {
      gradientBuffers[target.buffer] = gradient
      written.insert(key)
      return
    }
    let (into, accumulate) = gradientTarget(target)
    precondition(accumulate, "a residual must be a whole tensor")
    step("add", [gradient, into]) { device, at in
      device.add(at(gradient), at(into), output: at(into), rows: target.rows)
    }
  }

  // MARK: For models

  /// Records the backward passes of all ops so far, from the last to the first.
  public func recordBackward() {
    precondition(differentiates, "the recorder was not asked to differentiate")
    for record in tape.reversed() { record() }
    tape = []
  }

  /// Plans memory and ends the recording.
  ///
  /// - Throws: `Failure` if the device has not enough memory.
  public func finish() throws -> Program {
    let plan = MemoryPlan(buffers.map(\.life))
    let arena = try device.allocate(.real, count: max(1, plan.count))
    let views = buffers.indices.map { index in
      buffers[index].fixed
        ?? View(
          arena, offset: plan.offsets[index],
          count: buffers[index].life == nil ? 0 : buffers[index].count)
    }
    return Program(
      device: device, steps: steps, placement: Placement(views: views), arenaCount: plan.count)
  }

  private func addBuffer(count: Int) -> Int {
    buffers.append(Buffer(count: count, fixed: nil, life: nil))
    return buffers.count - 1
  }
}
