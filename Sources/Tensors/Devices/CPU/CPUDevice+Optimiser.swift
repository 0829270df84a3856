import Base
import CKernels

/// The optimiser's verbs.
extension CPUDevice {
  public func squaredNorm(_ gradient: View, partials: View) {
    chunks(gradient.count, ParameterStore.block) { range in
      unsafe partials.floats[range.lowerBound / ParameterStore.block] = Float(
        kernels.sum_of_squares(Int64(range.count), gradient.floats + range.lowerBound))
    }
  }

  public func stepOutcome(partials: View, loss: View, control: View, outcome: View) {
    var squares = 0.0
    for index in 0..<partials.count { squares += Double(unsafe partials.floats[index]) }
    let limits = unsafe control.floats
    let decision = unsafe StepDecision(
      loss: Double(loss.floats[0]), norm: squares.squareRoot(),
      clip: Double(limits[StepControl.Slot.clip]),
      lossLimit: Double(limits[StepControl.Slot.lossLimit]),
      normLimit: Double(limits[StepControl.Slot.normLimit]))
    let result = unsafe outcome.floats
    unsafe result[StepOutcome.Slot.loss] = loss.floats[0]
    unsafe result[StepOutcome.Slot.norm] = Float(decision.norm)
    unsafe result[StepOutcome.Slot.factor] = Float(decision.factor)
    unsafe loss.floats[0] = 0
  }

  public func update(_ step: UpdateStep) {
    guard let plain = constants(step, decaying: false) else {
      return fill(step.gradient, with: 0)
    }
    let decayed = constants(step, decaying: true) ?? plain
    let second = unsafe step.second?.floats
    let weights = unsafe kernelWeights(step.weights, key: step.key)
    pool.run(step.pieces.count) { index in
      let piece = step.pieces[index]
      let (begin, count) = (piece.range.lowerBound, Int64(piece.range.count))
      let rule = piece.decays ? decayed : plain
      let w = unsafe weights.from(begin)
      let g = unsafe step.gradient.floats + begin
      let m = unsafe step.first.floats + begin
      switch step.rule {
      case .lion: unsafe kernels.lion(count, rule, w, g, m)
      case .sgd: unsafe kernels.sgd(count, rule, w, g, m)
      case .adamw, .muon:
        guard let second = unsafe second else { preconditionFailure("no second moment") }
        unsafe kernels.adamw(count, rule, w, g, m, second + piece.second)
      }
    }
  }

  /// The weights as kernels take them.
  ///
  /// - Parameter key: Of the random words by which they are rounded, where they are bf16 alone.
  func kernelWeights(_ weights: Weights, key: View? = nil) -> kaji_weights {
    guard weights.values.isHalf else {
      return unsafe kaji_weights(
        base: weights.values.floats, half_base: nil, rest: nil, random: kaji_random(), place: 0)
    }
    let words = key.map {
      unsafe kaji_random(
        CounterRandom(
          key: Span(_unsafeStart: $0.indices, count: 3), purpose: RandomRounding.purpose))
    }
    return unsafe kaji_weights(
      base: nil, half_base: weights.values.at(0).assumingMemoryBound(to: UInt16.self),
      rest: weights.rest?.rests, random: words ?? kaji_random(), place: 0)
  }

  /// The numbers of a step; nil: it is skipped.
  func constants(_ step: UpdateStep, decaying: Bool) -> kaji_update? {
    let numbers = unsafe step.control.floats
    let factor = unsafe step.outcome.floats[StepOutcome.Slot.factor]
    guard factor != 0 else { return nil }
    return unsafe kaji_update(
      learning_rate: numbers[StepControl.Slot.learningRate],
      beta1: numbers[StepControl.Slot.beta1], beta2: numbers[StepControl.Slot.beta2],
      momentum: numbers[StepControl.Slot.momentum], epsilon: numbers[StepControl.Slot.epsilon],
      weight_decay: decaying ? numbers[StepControl.Slot.weightDecay] : 0,
      correction1: numbers[StepControl.Slot.correction1],
      correction2: numbers[StepControl.Slot.correction2], factor: factor)
  }
}

extension kaji_weights {
  /// Those from element `index` on.
  func from(_ index: Int) -> kaji_weights {
    unsafe kaji_weights(
      base: base.map { unsafe $0 + index }, half_base: half_base.map { unsafe $0 + index },
      rest: rest.map { unsafe $0 + index }, random: random, place: place + Int64(index))
  }
}
