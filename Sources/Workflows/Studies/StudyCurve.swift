import Base
import Lab

/// What the runs of one arm came to.
struct StudyCurve: Sendable {
  let arm: StudyPlan.Arm
  /// The experiments, a seed each.
  let experiments: [Int]
  /// Mean over the seeds of the smoothed training loss at each step, from 1.
  let losses: [Double]
  /// Of each seed, at the end.
  let validation: [Double]
  /// Of each seed: values 7 deviations off in a hundred (OLMo's score), and spikes.
  let spikeScores: [Double]
  let spikes: Int
  /// Means over the last tenth of the steps.
  let figures: [String: Double]

  /// Metrics of which a study tells the mean at the end.
  static let told = ["below_epsilon", "update_ratio", "gradient_norm", "tokens_per_second"]

  init(_ arm: StudyPlan.Arm, _ experiments: [Experiment], steps: Int) {
    self.arm = arm
    self.experiments = experiments.map(\.number)
    let readers = experiments.map { experiment in
      var reader = RunReader(experiment.folder.run)
      reader.refresh()
      return reader
    }
    let curves = readers.map { Self.smooth($0["loss"], steps: steps) }
    losses = (0..<steps).map { step in
      curves.reduce(0) { $0 + $1[step] } / Double(max(1, curves.count))
    }
    validation = readers.compactMap { $0["validation_loss"]?.last }
    spikeScores = readers.compactMap { RunQuality.spikeScore("loss", of: $0).map { 100 * $0 } }
    spikes = readers.reduce(0) { $0 + $1.spikes }
    var figures: [String: Double] = [:]
    let names = Set(readers.flatMap(\.metrics)).filter {
      Self.told.contains($0) || $0.hasPrefix("fp8/")
    }
    for name in names {
      let means = readers.compactMap { reader -> Double? in
        let values = (reader[name]?.points(steps * 9 / 10..<steps + 1) ?? []).map(\.value)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
      }
      if !means.isEmpty { figures[name] = means.reduce(0, +) / Double(means.count) }
    }
    self.figures = figures
  }

  /// A curve that was not trained, for tests of what is made of it.
  init(name: String, losses: [Double], validation: [Double]) {
    arm = StudyPlan.Arm(name: name, settings: [])
    (experiments, self.losses, self.validation) = ([], losses, validation)
    (spikeScores, spikes, figures) = ([], 0, [:])
  }

  /// An exponential mean with decay 0.98, corrected for its beginning; NaN from a loss that is none on.
  private static func smooth(_ series: Lab.Series?, steps: Int) -> [Double] {
    var (sum, weight) = (0.0, 0.0)
    return (1...max(1, steps)).map { step in
      guard let value = series?.value(at: step) else { return weight > 0 ? sum / weight : .nan }
      sum = 0.98 * sum + 0.02 * value
      weight = 0.98 * weight + 0.02
      return sum / weight
    }
  }

  var validationMean: Double { Self.mean(validation) }

  /// The spread of the seeds: their sample standard deviation; `nil` of one.
  var validationDeviation: Double? {
    guard validation.count > 1 else { return nil }
    let mean = validationMean
    let squares = validation.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(validation.count - 1)).squareRoot()
  }

  /// The first step at which the smoothed loss is down at `loss`; `nil` if it never is.
  func step(reaching loss: Double) -> Int? {
    losses.firstIndex { $0 <= loss }.map { $0 + 1 }
  }

  static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }
}
