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
    let type: ElementType
    let fixed: View?
    var life: MemoryPlan.Life?
  }

  /// The gradient of a stretch of columns.
  private struct GradientKey: Hashable {
    let buffer, column: Int
  }

  /// A stretch of the recording of which the backward pass repeats steps.
  private struct Segment {
    let level: Recomputation
    let steps, buffers, tape: Range<Int>
    /// The buffer that leaves it, and is kept.
    let result: Int
  }

  private var buffers: [Buffer] = []
  private var steps: [Program.Step] = []
  private var tape: [() -> Void] = []
  private var segments: [Segment] = []
  /// For each placement the buffers that stand for others in it; the first has none.
  private var stands: [[Int: Int]] = [[:]]
  /// The placement of what is being recorded.
  private var placement = 0
  /// Steps before the first of the backward pass.
  private var forwardSteps: Int?
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
  func tensor(rows: Rows, columns: Int, of type: ElementType = .operand) -> Tensor {
    Tensor(
      buffer: addBuffer(count: rows.capacity * columns, of: type), column: 0, stride: columns,
      columns: columns, rows: rows)
  }

  /// What the elements of a tensor are.
  func type(of tensor: Tensor) -> ElementType { buffers[tensor.buffer].type }

  /// A vector of `count` reals that only one step uses.
  func scratch(_ count: Int) -> Tensor {
    let rows = Rows(capacity: 1)
    return Tensor(
      buffer: addBuffer(count: count, of: .real), column: 0, stride: count, columns: count,
      rows: rows)
  }

  /// A tensor over memory that exists already, as an input or a cache.
  public func tensor(over view: View, rows: Rows, columns: Int) -> Tensor {
    precondition(
      view.count >= rows.capacity * columns,
      "\(rows.capacity) rows of \(columns) in a memory of \(view.count)")
    buffers.append(Buffer(count: view.count, type: view.memory.type, fixed: view, life: nil))
    return Tensor(
      buffer: buffers.count - 1, column: 0, stride: columns, columns: columns, rows: rows)
  }

  /// Records a verb that touches `tensors`, and so keeps them alive until here.
  ///
  /// - Parameters:
  ///   - flops: Operations of its products of matrices.
  ///   - repeated: From which level on a forward verb is run again for the backward pass.
  func step(
    _ name: String, _ tensors: [Tensor], flops: Double = 0, repeated: Recomputation = .full,
    _ run: @escaping (any Device, Placement) -> Void
  ) {
    let bytes = tensors.reduce(0) {
      $0 + $1.rows.capacity * $1.columns * device.bytes(type(of: $1))
    }
    record(
      Program.Step(
        name: name, touches: tensors.map(\.buffer), placement: placement,
        cost: VerbCost(flops: flops, bytes: Double(bytes)), repeated: repeated, run: run))
  }

  private func record(_ step: Program.Step) {
    for touched in step.touches {
      let buffer = stands[step.placement][touched] ?? touched
      guard buffers[buffer].fixed == nil else { continue }
      let first = buffers[buffer].life?.first ?? steps.count
      buffers[buffer].life = MemoryPlan.Life(
        count: buffers[buffer].count, first: first, last: steps.count)
    }
    steps.append(step)
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

  /// Records a layer whose intermediate results the backward pass computes again, as far as `level` says.
  ///
  /// - Parameter layer: Records it and returns its result, which it makes last and which is kept.
  public func recomputing(_ level: Recomputation, _ layer: () throws -> Tensor) rethrows -> Tensor {
    guard differentiates, level != .none else { return try layer() }
    let (step, buffer, entry) = (steps.count, buffers.count, tape.count)
    let result = try layer()
    segments.append(
      Segment(
        level: level, steps: step..<steps.count, buffers: buffer..<buffers.count,
        tape: entry..<tape.count, result: result.buffer))
    return result
  }

  /// Records the backward passes of all ops so far, from the last to the first.
  public func recordBackward() {
    precondition(differentiates, "the recorder was not asked to differentiate")
    forwardSteps = steps.count
    var end = tape.count
    for segment in segments.reversed() {
      for record in tape[segment.tape.upperBound..<end].reversed() { record() }
      repeatSteps(of: segment)
      for record in tape[segment.tape].reversed() { record() }
      placement = 0
      end = segment.tape.lowerBound
    }
    for record in tape[..<end].reversed() { record() }
    tape = []
    segments = []
  }

  /// Records what a segment repeats; its results stand for the first ones from here on.
  private func repeatSteps(of segment: Segment) {
    stands.append([:])
    placement = stands.count - 1
    for index in segment.steps {
      var step = steps[index]
      let own = step.touches.filter(segment.buffers.contains)
      guard !own.contains(segment.result) else { continue }
      let made = own.filter { buffers[$0].life?.first == index }
      // What works in place on repeated results is repeated as well.
      let isInPlace = !own.isEmpty && step.touches.allSatisfy { stands[placement][$0] != nil }
      guard isInPlace || segment.level >= step.repeated else { continue }
      for buffer in made {
        stands[placement][buffer] = addBuffer(
          count: buffers[buffer].count, of: buffers[buffer].type)
      }
      step.placement = placement
      record(step)
    }
  }

  /// Plans memory and ends the recording.
  ///
  /// - Throws: `Failure` if the device has not enough memory.
  public func finish() throws -> Program {
    var views = buffers.map(\.fixed)
    var bytes = 0
    // One arena, or one for each size of numbers.
    let types: [ElementType] = device.precision.isHalf ? [.real, .operand] : [.real]
    for type in types {
      let isHere = { (buffer: Buffer) in types.count == 1 || buffer.type == type }
      let plan = MemoryPlan(buffers.map { isHere($0) ? $0.life : nil })
      let arena = try device.allocate(type, count: max(1, plan.count))
      bytes += plan.count * device.bytes(type)
      for (index, buffer) in buffers.enumerated() where buffer.fixed == nil && isHere(buffer) {
        views[index] = View(
          arena, offset: plan.offsets[index], count: buffer.life == nil ? 0 : buffer.count)
      }
    }
    let whole = views.map { view in
      guard let view else { preconditionFailure("a buffer that is in no arena") }
      return view
    }
    let placements = stands.map { stands in
      var placed = whole
      for (buffer, other) in stands { placed[buffer] = whole[other] }
      return Placement(views: placed)
    }
    return Program(
      device: device, steps: steps, placements: placements, arenaBytes: bytes, keptBytes: keptBytes)
  }

  private var keptBytes: Int {
    guard let forwardSteps else { return 0 }
    return buffers.reduce(0) { sum, buffer in
      guard let life = buffer.life, life.first < forwardSteps, life.last >= forwardSteps else {
        return sum
      }
      return sum + buffer.count * device.bytes(buffer.type)
    }
  }

  private func addBuffer(count: Int, of type: ElementType) -> Int {
    buffers.append(Buffer(count: count, type: type, fixed: nil, life: nil))
    return buffers.count - 1
  }
}
