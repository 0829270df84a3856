import Base

/// The optimisers' verbs.
extension ReferenceDevice {
  public func update(_ step: UpdateStep) {
    guard step.outcome[StepOutcome.Slot.factor] != 0 else { return fill(step.gradient, with: 0) }
    for piece in step.pieces {
      let decay = piece.decays ? step.control[StepControl.Slot.weightDecay] : 0
      for i in piece.range {
        let direction = direction(i, second: piece.second + i - piece.range.lowerBound, step)
        let (rate, old) = (step.control[StepControl.Slot.learningRate], step.weights[i])
        set(i, old - rate * (direction + decay * old), step)
        step.gradient[i] = 0
      }
    }
  }

  /// Gives weight `i` its new value, rounded at random where that is how it is kept.
  private func set(_ i: Int, _ value: Double, _ step: UpdateStep) {
    guard let key = step.key else { return step.weights[i] = value }
    let words = (0..<3).map { Int32(key.integer($0)) }
    let random = CounterRandom(key: words.span, purpose: RandomRounding.purpose)
    step.weights[i] = Double(RandomRounding.rounded(Float(value), random.word(i)))
  }

  /// Renews the moments of element `i`; what is subtracted, but for the learning rate and decay.
  private func direction(_ i: Int, second place: Int, _ step: UpdateStep) -> Double {
    let g = step.gradient[i] * step.outcome[StepOutcome.Slot.factor]
    let beta1 = step.control[StepControl.Slot.beta1]
    let beta2 = step.control[StepControl.Slot.beta2]
    switch step.rule {
    case .adamw, .muon:
      guard let second = step.second else { preconditionFailure("no second moment") }
      step.first[i] = beta1 * step.first[i] + (1 - beta1) * g
      second[place] = beta2 * second[place] + (1 - beta2) * g * g
      let mean = step.first[i] / step.control[StepControl.Slot.correction1]
      let square = second[place] / step.control[StepControl.Slot.correction2]
      return mean / (square.squareRoot() + step.control[StepControl.Slot.epsilon])
    case .lion:
      let look = beta1 * step.first[i] + (1 - beta1) * g
      step.first[i] = beta2 * step.first[i] + (1 - beta2) * g
      return look > 0 ? 1 : look < 0 ? -1 : 0
    case .sgd:
      step.first[i] = step.control[StepControl.Slot.momentum] * step.first[i] + g
      return step.first[i]
    }
  }

  public func orthogonalScratch(rows: Int, columns: Int) -> Int { 0 }

  public func updateOrthogonally(_ orthogonal: OrthogonalStep, _ step: UpdateStep) {
    let factor = step.outcome[StepOutcome.Slot.factor]
    guard factor != 0 else { return }
    let momentum = step.control[StepControl.Slot.momentum]
    let rate = step.control[StepControl.Slot.learningRate]
    for matrix in orthogonal.matrices {
      let (rows, columns) = (matrix.shape[0], matrix.shape[1])
      let looks = matrix.range.map { i in
        let g = step.gradient[i] * factor
        step.first[i] = momentum * step.first[i] + g
        step.gradient[i] = 0
        return g + momentum * step.first[i]
      }
      let direction = orthogonalised(looks, rows, columns)
      let size = 0.2 * Double(max(rows, columns)).squareRoot()
      let decay = matrix.spec.decays ? step.control[StepControl.Slot.weightDecay] : 0
      for (place, i) in matrix.range.enumerated() {
        let old = step.weights[i]
        set(i, old - rate * (size * direction[place] + decay * old), step)
      }
    }
  }

  /// N of ``OptimizerRule``, always with A = X·Xᵀ.
  private func orthogonalised(_ g: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    let norm = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
    var x = g.map { $0 / (norm + 1e-7) }
    let (a, b, c) = (3.4445, -4.7750, 2.0315)
    for _ in 0..<5 {
      var gram = [Double](repeating: 0, count: rows * rows)
      for i in 0..<rows {
        for j in 0..<rows {
          for l in 0..<columns { gram[i * rows + j] += x[i * columns + l] * x[j * columns + l] }
        }
      }
      var factor = gram.map { b * $0 }
      for i in 0..<rows {
        for l in 0..<rows {
          for j in 0..<rows {
            factor[i * rows + j] += c * gram[i * rows + l] * gram[l * rows + j]
          }
        }
      }
      var next = x.map { a * $0 }
      for i in 0..<rows {
        for l in 0..<rows {
          for j in 0..<columns {
            next[i * columns + j] += factor[i * rows + l] * x[l * columns + j]
          }
        }
      }
      x = next
    }
    return x
  }
}
