/// Updates parameters from their gradient, clipped as a whole, in one pass over flat memory.
///
///     n = √Σ g²,   c = min(1, clip / (n + 10⁻⁶)),   g ← c·g,   then the rule
///
/// The norm adds partial sums over 65,536 elements in index order. When loss or norm is not finite or above its
/// limit, nothing changes but that the gradient is zeroed. t counts the steps that were not skipped.
///
/// Of several ranks each updates its slice of the flat memory, by the sum of all ranks' gradients, and all get the result.
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
  private let seed: UInt64
  private let communicator: any Communicator
  /// What of the flat memory is this rank's to update.
  private let slice: Range<Int>

  /// An optimiser at step 0, for the gradient that programs with total loss `loss` leave behind.
  ///
  /// - Parameters:
  ///   - seed: Of the random numbers that weights of bf16 alone are rounded by.
  ///   - communicator: Of the ranks that train the same parameters.
  /// - Throws: `Failure` if the device has not enough memory.
  public init(
    _ rule: OptimizerRule, _ parameters: ParameterStore, loss: View, seed: UInt64 = 0,
    communicator: any Communicator = SingleProcess()
  ) throws {
    precondition(rule != .muon || communicator.ranks == 1, "muon takes whole matrices")
    self.rule = rule
    self.seed = seed
    self.communicator = communicator
    let slice = communicator.slice(of: parameters)
    self.slice = slice
    self.parameters = parameters
    self.loss = loss
    let device = parameters.device
    try parameters.allocateGradient()
    let first = View(try device.allocate(.real, count: parameters.paddedCount))
    let matrices = rule == .muon ? parameters.parameters.filter(\.spec.isLayerMatrix) : []
    let others = parameters.parameters.filter { rule != .muon || !$0.spec.isLayerMatrix }
    let pieces = Self.pieces(of: others, in: slice)
    let second =
      rule.hasSecond
      ? View(
        try device.allocate(
          .real, count: pieces.reduce(0) { $0 + $1.range.count })) : nil
    partials = View(
      try device.allocate(.real, count: max(1, parameters.paddedCount / ParameterStore.block)))
    control = View(try device.allocate(.real, count: StepControl.Slot.count))
    outcome = View(try device.allocate(.real, count: StepOutcome.Slot.count))
    step = UpdateStep(
      rule: rule == .muon ? .adamw : rule, pieces: pieces,
      weights: parameters.weights, gradient: parameters.gradient, first: first, second: second,
      control: control, outcome: outcome,
      key: device.precision == .stochastic ? View(try device.allocate(.index, count: 3)) : nil)
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
  /// - Throws: `Failure` if another rank is lost.
  public func update(_ wish: StepControl) throws -> StepOutcome {
    let device = parameters.device
    let reals = wish.reals(step: steps + 1)
    device.upload(reals.span, to: control)
    if let key = step.key {
      let words: InlineArray<3, Int32> = [
        Int32(truncatingIfNeeded: seed), Int32(truncatingIfNeeded: seed >> 32),
        Int32(truncatingIfNeeded: steps + 1),
      ]
      device.upload(words.span, to: key)
    }
    try addUp()
    device.stepOutcome(partials: partials, loss: loss, control: control, outcome: outcome)
    device.update(step)
    if let orthogonal { device.updateOrthogonally(orthogonal, step) }
    try communicator.gather(parameters.weights, slice: slice)
    var numbers = InlineArray<3, Float>(repeating: 0)
    var span = numbers.mutableSpan
    device.download(outcome, into: &span)
    let result = StepOutcome(
      loss: Double(numbers[StepOutcome.Slot.loss]),
      gradientNorm: Double(numbers[StepOutcome.Slot.norm]),
      factor: Double(numbers[StepOutcome.Slot.factor]))
    if !result.skipped { steps += 1 }
    return result
  }

  /// Adds up gradient, loss and the parts of the norm over the ranks; what is not this rank's is zero then.
  private func addUp() throws {
    let (device, gradient) = (parameters.device, parameters.gradient)
    try communicator.reduce(gradient, slice: slice)
    try communicator.sum(loss)
    device.fill(gradient.slice(0..<slice.lowerBound), with: 0)
    device.fill(gradient.slice(slice.upperBound..<gradient.count), with: 0)
    let block = ParameterStore.block
    device.fill(partials, with: 0)
    device.squaredNorm(
      gradient.slice(slice),
      partials: partials.slice(slice.lowerBound / block..<slice.upperBound / block))
    try communicator.sum(partials)
  }

  /// The moments of a parameter.
  public func moments(of parameter: Parameter) -> [Moment] {
    rule.hasSecond && !(rule == .muon && parameter.spec.isLayerMatrix)
      ? [.first, .second] : [.first]
  }

  /// Copies elements of a moment to the host; `part` counts from the parameter's first.
  public func read(_ moment: Moment, of parameter: Parameter, part: Range<Int>? = nil) -> [Float] {
    let place = place(moment, of: parameter)
    return parameters.read(place.memory, place.parameter, part)
  }

  /// Copies numbers into a moment, from element `offset` of the parameter on.
  ///
  /// - Throws: `Failure` if they do not fit.
  public func write(
    _ numbers: [Float], to moment: Moment, of parameter: Parameter, at offset: Int = 0
  ) throws {
    let place = place(moment, of: parameter)
    try parameters.write(numbers, into: place.memory, place.parameter, offset)
  }

  /// Where a moment is, which must be one of the parameter's.
  private func place(_ moment: Moment, of parameter: Parameter) -> (
    memory: View, parameter: Parameter
  ) {
    guard moment == .second else { return (step.first, parameter) }
    let begin = parameter.range.lowerBound
    guard let second = step.second,
      let piece = step.pieces.first(where: { $0.range.contains(begin) })
    else { preconditionFailure("\(parameter.name) has no second moment with \(rule)") }
    let place = piece.second + begin - piece.range.lowerBound
    return (
      second, Parameter(spec: parameter.spec, range: place..<place + parameter.range.count)
    )
  }

  /// A slice of the flat memory, cut where decay begins or ends and at every multiple of a block, so that a slice of
  /// whole blocks is a run of whole pieces.
  private static func pieces(of parameters: [Parameter], in slice: Range<Int>) -> [UpdatePiece] {
    var pieces: [UpdatePiece] = []
    var second = 0
    for parameter in parameters {
      let own = parameter.range.clamped(to: slice)
      var begin = own.lowerBound
      while begin < own.upperBound {
        let boundary = (begin / ParameterStore.block + 1) * ParameterStore.block
        let end = min(boundary, own.upperBound)
        if let last = pieces.last, last.decays == parameter.spec.decays,
          last.range.upperBound == begin, begin % ParameterStore.block != 0
        {
          pieces[pieces.count - 1] = UpdatePiece(
            range: last.range.lowerBound..<end, decays: last.decays, second: last.second)
        } else {
          pieces.append(
            UpdatePiece(range: begin..<end, decays: parameter.spec.decays, second: second))
        }
        second += end - begin
        begin = end
      }
    }
    return pieces
  }
}
