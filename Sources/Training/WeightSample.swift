import Base
import Tensors

/// Weights that are looked at each step: the same ones each time, of every parameter as many as its size asks for.
///
/// A model of no more weights is looked at whole.
struct WeightSample {
  /// Weights in all, about.
  static let size = 32_768

  private let stretches: [(parameter: Parameter, part: Range<Int>)]
  private var before: [[Float]] = []

  init(_ parameters: ParameterStore) {
    let share = min(1, Double(Self.size) / Double(max(1, parameters.count)))
    stretches = parameters.parameters.map { parameter in
      let all = parameter.range.count
      let count = min(all, max(1, Int((Double(all) * share).rounded(.up))))
      let begin = (all - count) / 2
      return (parameter, begin..<begin + count)
    }
  }

  /// Remembers the weights before an update.
  mutating func remember(_ optimizer: Optimizer) { before = read(optimizer) }

  private func read(_ optimizer: Optimizer) -> [[Float]] {
    stretches.map { optimizer.parameters.read($0.parameter, part: $0.part) }
  }

  /// ‖w − w₀‖ / ‖w₀‖ with w₀ the remembered weights; `nil` if these are all zero.
  func updateRatio(_ optimizer: Optimizer) -> Double? {
    var change = 0.0
    var size = 0.0
    for (old, new) in zip(before, read(optimizer)) {
      for index in old.indices {
        let difference = Double(new[index]) - Double(old[index])
        change += difference * difference
        size += Double(old[index]) * Double(old[index])
      }
    }
    return size > 0 ? (change / size).squareRoot() : nil
  }

  /// The share of √(v / (1 − β₂ᵗ)) below ε; `nil` for a rule without second moments.
  func shareBelow(epsilon: Double, beta2: Double, _ optimizer: Optimizer) -> Double? {
    let correction = 1 - exponential(Double(max(1, optimizer.steps)) * logarithm(max(beta2, 1e-30)))
    let floor = Float(epsilon * epsilon * correction)
    var below = 0
    var all = 0
    for (parameter, part) in stretches
    where optimizer.moments(of: parameter).contains(.second) {
      for value in optimizer.read(.second, of: parameter, part: part) where value < floor {
        below += 1
      }
      all += part.count
    }
    return all > 0 ? Double(below) / Double(all) : nil
  }
}
