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

  public func adamW(_ step: AdamWStep) {
    let numbers = unsafe step.control.floats
    let factor = unsafe step.outcome.floats[StepOutcome.Slot.factor]
    guard factor != 0 else { return fill(step.gradient, with: 0) }
    var rule = unsafe kaji_adamw(
      learning_rate: numbers[StepControl.Slot.learningRate],
      beta1: numbers[StepControl.Slot.beta1], beta2: numbers[StepControl.Slot.beta2],
      epsilon: numbers[StepControl.Slot.epsilon], weight_decay: 0,
      correction1: numbers[StepControl.Slot.correction1],
      correction2: numbers[StepControl.Slot.correction2], factor: factor)
    let plain = rule
    rule.weight_decay = unsafe numbers[StepControl.Slot.weightDecay]
    let decayed = rule
    pool.run(step.pieces.count) { index in
      let piece = step.pieces[index]
      let begin = piece.range.lowerBound
      unsafe kernels.adamw(
        Int64(piece.range.count), piece.decays ? decayed : plain, step.values.floats + begin,
        step.gradient.floats + begin, step.first.floats + begin, step.second.floats + begin)
    }
  }
}
