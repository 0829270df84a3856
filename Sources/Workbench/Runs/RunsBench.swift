import Base
import Lab
import Terminal

/// What the Runs pane takes on a large run: reading it, drawing it, and following it.
public enum RunsBench {
  /// Milliseconds.
  public struct Report: Sendable {
    /// From nothing to the whole run read and summed up.
    public let open: Double
    /// The same with the first frame drawn.
    public let firstCurve: Double
    /// One full frame of 120×36.
    public let frame: Double
    /// One more step read, and summed up for the charts.
    public let liveBatch: Double
    /// Points of all metrics.
    public let points: Int
  }

  /// Writes a run of `metrics` × `steps` into a temporary folder, and opens it as the pane does.
  ///
  /// - Throws: `Failure` if the folder cannot be written.
  public static func run(metrics: Int, steps: Int) throws -> Report {
    let folder = try Files.temporaryDirectory(prefix: "kaji-bench-runs")
    defer { try? Files.remove(folder) }
    let names = names(metrics)
    let writer = try RunWriter(folder, goingOnFrom: 0)
    for step in 1...steps { writer.record(step: step, values(names, step)) }
    try writer.flush()

    var state = state(steps)
    let query = RunQuery(number: 1, window: StepWindow(), columns: 160, smallColumns: 40)
    let start = monotonicSeconds()
    let watch = RunWatch(folder)
    _ = watch.refresh()
    _ = RunsPane.update(&state, .message(.curves(watch.read { RunCurves($0, query) })))
    let open = monotonicSeconds()
    draw(state)
    let drawn = monotonicSeconds()
    let frame = median(20, {}, of: { draw(state) })
    var step = steps
    let live = try median(20) {
      step += 1
      writer.record(step: step, values(names, step))
      try writer.flush()
    } of: {
      _ = watch.refresh()
      _ = RunsPane.update(&state, .message(.curves(watch.read { RunCurves($0, query) })))
    }
    return Report(
      open: 1000 * (open - start), firstCurve: 1000 * (drawn - start), frame: 1000 * frame,
      liveBatch: 1000 * live, points: metrics * steps)
  }

  private static func names(_ count: Int) -> [String] {
    let known = ["loss", "gradient_norm", "learning_rate", "tokens_per_second", "tokens"]
    return (0..<count).map { $0 < known.count ? known[$0] : "metric_\($0)" }
  }

  private static func values(_ names: [String], _ step: Int) -> [(name: String, value: Double)] {
    let random = CounterRandom(seed: 1, purpose: 1, step: UInt64(step))
    return names.enumerated().map { place, name in
      (name: name, value: 2 + 8 / Double(step) + 0.1 * random.uniform(UInt64(place)))
    }
  }

  private static func state(_ steps: Int) -> RunsPane.State {
    var state = RunsPane.State()
    let row = RunRow(
      number: 1, slug: "bench", state: .running, step: steps, totalSteps: nil, loss: nil, spikes: 0,
      hasCheckpoint: false)
    _ = RunsPane.update(&state, .resized(Size(width: 120, height: 36)))
    _ = RunsPane.update(&state, .message(.list([row])))
    return state
  }

  private static func draw(_ state: RunsPane.State) {
    var surface = Surface(size: state.size)
    RunsPane.view(state, &surface)
  }

  /// The median of the seconds that `work` takes, after what `prepare` does.
  private static func median(
    _ count: Int, _ prepare: () throws -> Void, of work: () -> Void
  ) rethrows -> Double {
    var seconds: [Double] = []
    for _ in 0..<count {
      try prepare()
      let start = monotonicSeconds()
      work()
      seconds.append(monotonicSeconds() - start)
    }
    return seconds.sorted()[count / 2]
  }
}
