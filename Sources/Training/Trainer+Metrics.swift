import Base
import Models
import Tensors

/// What is measured of each update.
extension Trainer {
  /// What an update is measured with, and what it costs.
  struct Gauges {
    let layers: LayerNorms
    var sample: WeightSample
    /// The norms before the update, which zeroes the gradient.
    var norms: [(name: String, norm: Double)] = []
    /// Seconds that measuring has taken since the trainer was made.
    var seconds = 0.0

    init(_ parameters: ParameterStore) throws {
      layers = try LayerNorms(parameters)
      sample = WeightSample(parameters)
    }
  }

  /// Seconds that measuring has taken so far.
  package var measuringSeconds: Double { gauges.seconds }

  /// Measures what the update will change.
  func measureBefore() {
    let start = monotonicSeconds()
    gauges.norms = gauges.layers.measure()
    gauges.sample.remember(optimizer)
    gauges.seconds += monotonicSeconds() - start
  }

  func metrics(_ outcome: StepOutcome, _ batch: Batch, _ rate: Double, _ step: Int)
    -> [(metric: TrainingMetric, value: Double)]
  {
    let start = monotonicSeconds()
    defer { gauges.seconds += monotonicSeconds() - start }
    var values: [(metric: TrainingMetric, value: Double)] = [
      (.loss, outcome.loss), (.gradientNorm, outcome.gradientNorm),
      (.learningRate, learningRate(step: step)), (.tokensPerSecond, rate),
      (.tokens, Double(state.tokens)), (.perplexity, exponential(outcome.loss)),
      (.skipped, Double(state.step - state.optimizerSteps)),
      (.nonFinite, Double(state.nonFiniteSteps)),
    ]
    func add(_ metric: TrainingMetric, _ value: Double?) {
      if let value { values.append((metric, value)) }
    }
    add(.bitsPerByte, bitsPerByte(outcome.loss, batch))
    if plan.flopsPerToken > 0 {
      let flops = rate * plan.flopsPerToken
      add(.modelFLOPs, flops)
      if plan.productRate > 0 { add(.peakShare, flops / plan.productRate) }
    }
    add(.epoch, source.epoch(at: step + state.batchShift))
    add(.updateRatio, gauges.sample.updateRatio(optimizer))
    add(
      .belowEpsilon,
      gauges.sample.shareBelow(
        epsilon: plan.optimizer.epsilon, beta2: plan.optimizer.beta2, optimizer))
    add(.memory, SystemMemory.resident.map { Double($0) })
    values += connections.deviceMetrics?() ?? []
    for (name, norm) in gauges.norms { values.append((.gradientNorm(of: name), norm)) }
    return values
  }

  /// loss · predicted tokens / (ln 2 · their bytes); `nil` if it is not known what tokens stand for.
  private func bitsPerByte(_ loss: Double, _ batch: Batch) -> Double? {
    guard !plan.tokenBytes.isEmpty else { return nil }
    var tokens = 0
    var bytes = 0
    for target in batch.targets where target != Batch.ignored {
      tokens += 1
      if plan.tokenBytes.indices.contains(Int(target)) {
        bytes += Int(plan.tokenBytes[Int(target)])
      }
    }
    return bytes > 0 ? loss * Double(tokens) / (logarithm(2) * Double(bytes)) : nil
  }
}
