/// Updates parameters from their gradient, clipped as a whole, in one pass over flat memory.
///
///     n = √Σ g²,   c = min(1, clip / (n + 10⁻⁶)),   g ← c·g,   then the rule
///
/// The norm adds partial sums over 65,536 elements in index order. When loss or norm is not finite or above its
/// limit, nothing changes but that the gradient is zeroed. t counts the steps that were not skipped.
public final class Optimizer {
  /// The moments there may be, as checkpoints name them.
  public enum Moment: String, Sendable, CaseIterable {
    case first = "exp_avg"
    case second = "exp_avg_sq"
  }

  /// How it updates.
  public let rule: OptimizerRule
  /// The parameters it updates.
  public let parameters: ParameterStore
  /// Steps taken, skipped ones not counted; set on resuming.
  public var steps = 0

  private let partials, control, outcome: View
  private let loss: View
  private let step: UpdateStep
  private let orthogonal: OrthogonalStep?

  /// An optimiser at step 0, for the gradient that programs with total loss `loss` leave behind.
  ///
  /// - Throws: `Failure` if the device has not enough memory.
  public init(_ rule: OptimizerRule, _ parameters: ParameterStore, loss: View) throws {
    self.rule = rule
    self.parameters = parameters
    self.loss = loss
    let device = parameters.device
    try parameters.allocateGradient()
    let first = View(try device.allocate(.real, count: parameters.paddedCount))
    let second =
      rule.moments.contains(.second)
      ? View(try device.allocate(.real, count: parameters.paddedCount)) : nil
    partials = View(
      try device.allocate(.real, count: max(1, parameters.paddedCount / ParameterStore.block)))
    control = View(try device.allocate(.real, count: StepControl.Slot.count))
    outcome = View(try device.allocate(.real, count: StepOutcome.Slot.count))
    let matrices = rule == .muon ? parameters.parameters.filter(\.spec.isLayerMatrix) : []
    let others = parameters.parameters.filter { rule != .muon || !$0.spec.isLayerMatrix }
    step = UpdateStep(
      rule: rule == .muon ? .adamw : rule, pieces: Self.pieces(of: others),
      values: parameters.values, gradient: parameters.gradient, first: first, second: second,
      control: control, outcome: outcome)
    let room = matrices.map { device.orthogonalScratch(rows: $0.shape[0], columns: $0.shape[1]) }
    orthogonal =
      matrices.isEmpty
      ? nil
      : OrthogonalStep(
        matrices: matrices, scratch: View(try device.allocate(.real, count: room.max() ?? 0)))
  }

  /// Updates the parameters from the gradient and zeroes gradient and loss.
  ///
  /// - Returns: The loss, the gradient norm, and whether the step counted.
  public func update(_ wish: StepControl) -> StepOutcome {
    let device = parameters.device
    let reals = wish.reals(step: steps + 1)
    device.upload(reals.span, to: control)
    device.squaredNorm(parameters.gradient, partials: partials)
    device.stepOutcome(partials: partials, loss: loss, control: control, outcome: outcome)
    device.update(step)
    if let orthogonal { device.updateOrthogonally(orthogonal, step) }
    var numbers = [Float](repeating: 0, count: StepOutcome.Slot.count)
    var span = numbers.mutableSpan
    device.download(outcome, into: &span)
    let result = StepOutcome(
      loss: Double(numbers[StepOutcome.Slot.loss]),
      gradientNorm: Double(numbers[StepOutcome.Slot.norm]),
      factor: Double(numbers[StepOutcome.Slot.factor]))
    if !result.skipped { steps += 1 }
    return result
  }

  /// Copies elements of a moment to the host; `part` counts from the parameter's first.
  public func read(_ moment: Moment, of parameter: Parameter, part: Range<Int>? = nil) -> [Float] {
    parameters.read(memory(moment), parameter, part)
  }

  /// Copies numbers into a moment, from element `offset` of the parameter on.
  ///
  /// - Throws: `Failure` if they do not fit.
  public func write(
    _ numbers: [Float], to moment: Moment, of parameter: Parameter, at offset: Int = 0
  ) throws {
    try parameters.write(numbers, into: memory(moment), parameter, offset)
  }

  /// The memory of a moment, which must be one of the rule's.
  private func memory(_ moment: Moment) -> View {
    guard moment == .second else { return step.first }
    guard let second = step.second else { preconditionFailure("\(rule) has no second moment") }
    return second
  }

  /// The flat memory, cut where decay begins or ends and at every multiple of a block, so that a slice of
  /// whole blocks is a run of whole pieces.
  private static func pieces(of parameters: [Parameter]) -> [UpdatePiece] {
    var pieces: [UpdatePiece] = []
    for parameter in parameters {
      var begin = parameter.range.lowerBound
      while begin < parameter.range.upperBound {
        let boundary = (begin / ParameterStore.block + 1) * ParameterStore.block
        let end = min(boundary, parameter.range.upperBound)
        if let last = pieces.last, last.decays == parameter.spec.decays,
          last.range.upperBound == begin, begin % ParameterStore.block != 0
        {
          pieces[pieces.count - 1] = UpdatePiece(
            range: last.range.lowerBound..<end, decays: last.decays)
        } else {
          pieces.append(UpdatePiece(range: begin..<end, decays: parameter.spec.decays))
        }
        begin = end
      }
    }
    return pieces
  }
}
