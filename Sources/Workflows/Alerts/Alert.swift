public import Base
public import Lab

/// Something about a run that somebody should look at.
public struct Alert: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case spike
    /// A loss or gradient that is no number.
    case notFinite = "non-finite"
    /// A run at work of which nothing new is heard.
    case stall
    /// It is finished, or was stopped.
    case end
    /// It failed, or its process is gone.
    case failure
  }

  public let kind: Kind
  public let experiment: Int
  public let step: Int
  public let text: String

  public init(_ kind: Kind, _ experiment: Int, step: Int, _ text: String) {
    self.kind = kind
    self.experiment = experiment
    self.step = step
    self.text = text
  }

  /// `0006 spike at step 410`.
  public var line: String { "\(Format.pad(experiment, 4)) \(text)" }
}

/// Compares runs with what they were at the last look.
public struct AlertWatch: Sendable {
  /// What is remembered of a run.
  private struct Past: Sendable {
    var summary: RunSummary
    /// When its step last grew, by the clock of whoever looks.
    var grew: Double
    var isStalled = false
  }

  private let settings: AlertSettings
  private var past: [Int: Past] = [:]
  private var hasLooked = false

  public init(_ settings: AlertSettings) { self.settings = settings }

  /// What is new since the last look; at the first nothing is.
  ///
  /// - Parameter now: seconds on any clock that does not go back.
  public mutating func look(_ runs: [(number: Int, summary: RunSummary)], now: Double) -> [Alert] {
    defer { hasLooked = true }
    var alerts: [Alert] = []
    for (number, summary) in runs {
      var known = past[number] ?? Past(summary: summary, grew: now)
      if past[number] == nil, hasLooked {
        // One that has begun since: all of it is news.
        known.summary.spikes = 0
        known.summary.metrics = []
        if !summary.state.isLive { known.summary.state = .running }
      }
      if summary.step != known.summary.step { (known.grew, known.isStalled) = (now, false) }
      alerts += news(number, summary, &known, now)
      known.summary = summary
      past[number] = known
    }
    return alerts
  }

  private func news(
    _ number: Int, _ summary: RunSummary, _ known: inout Past, _ now: Double
  ) -> [Alert] {
    var alerts: [Alert] = []
    func add(_ kind: Alert.Kind, _ text: String) {
      alerts.append(Alert(kind, number, step: summary.step, text))
    }
    let spikes = summary.spikes - known.summary.spikes
    if spikes > 0 {
      add(.spike, "\(spikes == 1 ? "a spike" : "\(spikes) spikes") by step \(summary.step)")
    }
    if Self.strays(summary) > Self.strays(known.summary) {
      add(.notFinite, "a loss or gradient is no number by step \(summary.step)")
    }
    if summary.state != known.summary.state {
      switch summary.state {
      case .finished: add(.end, "is finished at step \(summary.step)")
      case .stopped: add(.end, "has stopped at step \(summary.step)")
      case .failed: add(.failure, "has failed at step \(summary.step)")
      case .crashed: add(.failure, "is gone at step \(summary.step)")
      default: break
      }
    } else if summary.state == .running, !known.isStalled, now - known.grew >= settings.stallSeconds
    {
      known.isStalled = true
      add(.stall, "has made no step for \(Format.duration(settings.stallSeconds))")
    }
    return alerts
  }

  /// Values of loss and gradient that are no numbers.
  private static func strays(_ summary: RunSummary) -> Int {
    summary.metrics.filter { ["loss", "gradient_norm"].contains($0.name) }
      .reduce(0) { $0 + $1.summary.nonFinite }
  }
}

/// Runs the command that a workspace has for alerts.
public enum AlertCommand {
  /// Starts it with the alert's kind, experiment, step and text as arguments of its own, through no shell.
  ///
  /// - Parameter output: the file that takes what it writes.
  /// - Throws: `Failure` if it cannot be started.
  public static func run(_ alert: Alert, _ settings: AlertSettings, output: Path) throws {
    guard !settings.command.isEmpty else { return }
    try Subprocess.detach(
      settings.command + [
        alert.kind.rawValue, Format.pad(alert.experiment, 4), String(alert.step),
        Sanitiser.visible(alert.text),
      ], output: output)
  }
}
