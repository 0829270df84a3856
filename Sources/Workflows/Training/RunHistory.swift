import Base
import Lab

/// What the record of a run tells the process that goes on with it.
struct RunHistory {
  private let reader: RunReader

  init(_ folder: ExperimentFolder) {
    var reader = RunReader(folder.run)
    reader.refresh()
    self.reader = reader
  }

  /// The newest value of a metric.
  func last(_ metric: String) -> Double? { reader[metric]?.last }

  /// The newest step that counts; `nil` before the first.
  var lastStep: Int? { reader.lastStep }

  /// The steps of the whole run; `nil` if the record does not say.
  var totalSteps: Int? { reader.totalSteps }

  /// Whether the record says how the run ended.
  var hasEnded: Bool { reader.lastWord?.kind == .end }

  /// Requests that an event has answered already, should their files still be there.
  var answered: Set<String> { Set(reader.events.compactMap { $0.data["request"]?.string }) }

  /// Injected faults that befell an earlier process of this run.
  var pastFaults: Set<String> { Set(reader.events.compactMap { $0.data["injected"]?.string }) }

  /// What the newest process of the run computed with, as ``Device/arithmetic`` says it.
  var arithmetic: String? {
    reader.events.last { $0.kind == .start || $0.kind == .resume }?.data["arithmetic"]?.string
  }

  /// Learning rates set by hand at or after `step`, by an earlier process of this run.
  func interventions(after step: Int) -> [Int: Double] {
    var rates: [Int: Double] = [:]
    for event in reader.events where event.kind == .lr && event.step >= step {
      if let rate = event.data["learning_rate"]?.double { rates[event.step] = rate }
    }
    return rates
  }
}
