import Base
import Synchronization
import Tensors
import Training

/// What the verbs of one kind took in one update.
public struct VerbProfile: Sendable {
  /// The verb; `update` is the optimiser with all else that is outside the program.
  public let name: String
  /// Calls an update.
  public let calls: Int
  /// Seconds an update.
  public let seconds: Double
  /// Floating-point operations of its products an update, and bytes it must at least move.
  public let flops, bytes: Double
}

/// Listens to the trainer for the bench; nobody asks anything of it.
final class BenchRecorder: TrainingObserver, TrainingControl {
  private struct State {
    var firstLoss = Double.nan
    var verbs: [String: (calls: Int, seconds: Double, flops: Double, bytes: Double)] = [:]
  }
  private let state = Mutex(State())

  /// The loss of the first update.
  var firstLoss: Double { state.withLock { $0.firstLoss } }

  /// Takes note of a verb.
  func note(_ verb: VerbTime) {
    state.withLock { state in
      var sums = state.verbs[verb.name] ?? (0, 0, 0, 0)
      sums.calls += 1
      sums.seconds += verb.seconds
      sums.flops += verb.cost.flops
      sums.bytes += verb.cost.bytes
      state.verbs[verb.name] = sums
    }
  }

  /// Forgets the verbs so far.
  func forget() { state.withLock { $0.verbs = [:] } }

  /// The verbs of `steps` updates that took `seconds` in all, the most expensive first.
  func profile(steps: Int, seconds: Double) -> [VerbProfile] {
    state.withLock { state in
      var lines = state.verbs.map { name, sums in
        VerbProfile(
          name: name, calls: sums.calls / steps, seconds: sums.seconds / Double(steps),
          flops: sums.flops / Double(steps), bytes: sums.bytes / Double(steps))
      }
      let rest = seconds / Double(steps) - lines.reduce(0) { $0 + $1.seconds }
      lines.append(VerbProfile(name: "update", calls: 1, seconds: rest, flops: 0, bytes: 0))
      return lines.sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
    }
  }

  func metrics(_ values: [(metric: TrainingMetric, value: Double)], step: Int) {
    guard step == 1, let loss = values.first(where: { $0.metric == .loss })?.value else { return }
    state.withLock { $0.firstLoss = loss }
  }
  func event(_ event: TrainingEvent) {}
  func willCommitCheckpoint() {}
  func willRollBack(to step: Int) {}
  func pending() -> [TrainingRequest] { [] }
  func finish(_ request: TrainingRequest) {}
}
