import Base
import Tensors

/// The faults put in on purpose.
extension Trainer {
  /// Whether a fault is due; `step` is from 0, a fault's step is counted as the record counts.
  func injection(_ kind: Injection.Kind, _ step: Int) -> Bool {
    step >= state.faultsUntil && injections.contains { $0.kind == kind && $0.step == step + 1 }
  }

  /// Whether the batch of a step is the bad one: a batch that was passed over does not come again.
  func isBadBatch(_ step: Int) -> Bool {
    injections.contains { $0.kind == .badBatch && $0.step == step + state.batchShift + 1 }
  }

  /// What befalls the process before the update of a step.
  func suffer(step: Int) throws {
    if injection(.slow, step) {
      try tell(.slow, step)
      sleep(seconds: 2)
    }
    if injection(.kill, step) {
      try tell(.kill, step)
      killThisProcess()
    }
  }

  /// Spoils the gradient that was just computed; `isFirst`: the step is not being computed again.
  func damageGradient(step: Int, isFirst: Bool) throws {
    let parameters = optimizer.parameters
    guard let parameter = parameters.parameters.max(by: { $0.range.count < $1.range.count }) else {
      return
    }
    let place = parameter.range.count / 2
    if injection(.nanGradient, step) {
      try parameters.writeGradient([.nan], of: parameter, at: place)
    }
    if isFirst, injection(.bitFlip, step) {
      let value = parameters.readGradient(parameter)[place]
      let flipped = Float(bitPattern: value.bitPattern ^ 1 << 30)
      try parameters.writeGradient([flipped], of: parameter, at: place)
    }
  }

  /// Throws, once, what a full disk would.
  func fillDisk() throws {
    let due = injections.first {
      $0.kind == .diskFull && $0.step <= state.step && !pastFaults.contains($0.description)
    }
    guard let due else { return }
    try tell(.diskFull, due.step - 1)
    throw Failure("no space left on device (injected)", remedy: "Make room.")
  }

  private func tell(_ kind: Injection.Kind, _ step: Int) throws {
    let fault = Injection(kind: kind, step: step + 1).description
    pastFaults.insert(fault)
    try report(.warning, step: state.step, "injected \(fault)", ["injected": JSON(fault)])
  }
}
