import Base
import Lab
import Terminal

/// What the Runs pane takes on a large run: reading it, drawing it, and following it.
public enum RunsBench {
  /// Milliseconds.
  public struct Report: Sendable {
    /// From nothing to the whole run read and summed up.
    public let open: Double
    /// From nothing to a frame with the curves of the first piece.
    public let firstCurve: Double
    /// One full frame of 120×36.
    public let frame: Double
    /// One more step read, and summed up for the charts.
    public let liveBatch: Double
    /// A key with the frame that answers it, of 100 the slowest but one.
    public let key: Double
    /// The same until the columns that the key asked for are summed up.
    public let zoom: Double
    /// Points of all metrics.
    public let points: Int
  }

  /// Writes a run of `metrics` × `steps`, with spikes and checkpoints, into a temporary folder, and opens it as the pane
  /// does.
  ///
  /// - Throws: `Failure` if the folder cannot be written.
  public static func run(metrics: Int, steps: Int) throws -> Report {
    let folder = try Files.temporaryDirectory(prefix: "kaji-bench-runs")
    defer { try? Files.remove(folder) }
    let names = names(metrics)
    let experiment = ExperimentFolder(folder)
    let writer = try RunWriter(experiment.run, goingOnFrom: 0)
    for step in 1...steps {
      writer.record(step: step, values(names, step))
      if step.isMultiple(of: max(1, steps / spikes)) {
        tellSpike(step, to: writer)
        try Files.makeDirectory(experiment.checkpoint(step))
      }
    }
    try writer.flush()

    var state = state(steps)
    let query = RunQuery(number: 1, window: StepWindow(), columns: 160, smallColumns: 40)
    let start = monotonicSeconds()
    let watch = RunWatch(experiment.run)
    watch.refreshPiece()
    show(watch, query, &state)
    draw(state)
    let drawn = monotonicSeconds()
    watch.refresh()
    show(watch, query, &state)
    let open = monotonicSeconds()
    let frame = median(20, {}, of: { draw(state) })
    var step = steps
    let live = try median(20) {
      step += 1
      writer.record(step: step, values(names, step))
      try writer.flush()
    } of: {
      watch.refresh()
      show(watch, query, &state)
    }
    let (key, zoom) = keys(watch, &state)
    return Report(
      open: 1000 * (open - start), firstCurve: 1000 * (drawn - start), frame: 1000 * frame,
      liveBatch: 1000 * live, key: 1000 * key, zoom: 1000 * zoom, points: metrics * steps)
  }

  /// Zooms, moves, smooths and changes axes: seconds until a key is answered, and until its columns are there; the 99th
  /// of a hundred each.
  private static func keys(_ watch: RunWatch, _ state: inout RunsPane.State)
    -> (key: Double, zoom: Double)
  {
    let pressed: [Key] = [
      .tab, .character("+"), .character("h"), .left, .character("S"), .character("+"),
      .character("x"), .character("l"), .character("L"), .character("-"),
    ]
    var answers: [Double] = []
    var zooms: [Double] = []
    for place in 0..<100 {
      let start = monotonicSeconds()
      let effects = RunsPane.update(&state, .key(pressed[place % pressed.count]))
      draw(state)
      answers.append(monotonicSeconds() - start)
      for case .watch(let query?) in effects { show(watch, query, &state) }
      zooms.append(monotonicSeconds() - start)
    }
    return (answers.sorted()[98], zooms.sorted()[98])
  }

  /// Spikes of the run, each with what was found at its step, and a checkpoint after each.
  private static let spikes = 50

  private static func tellSpike(_ step: Int, to writer: RunWriter) {
    let layers = (0..<30).map { ("model.layers.\($0)", JSON.number(Double($0))) }
    let documents = (0..<16).map { JSON("shard-\($0)#\(step)") }
    writer.event(
      .skip, step: step, "update left out, weights unchanged",
      data: [
        "rerun": "same", "learning_rate": 1e-3, "below_epsilon": 0.01,
        "layers": .object(JSONObject(layers)), "subsets": ["ja": 12, "en": 4],
        "batch": .array(documents),
      ])
    writer.event(.spike, step: step, "loss 4.1 where 2.1 was expected")
    writer.event(.checkpoint, step: step, "step-\(step)")
  }

  private static func show(_ watch: RunWatch, _ query: RunQuery, _ state: inout RunsPane.State) {
    _ = RunsPane.update(&state, .message(.curves(watch.read { RunCurves($0, query) })))
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
