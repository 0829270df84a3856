import Base
import Workbench

extension Commands {
  static let benchRuns = Command(
    "bench runs", "", "times reading, drawing and following a large run",
    options: [
      .value("--metrics", "N", "curves of the run (20)"),
      .value("--steps", "N", "steps of each (50,000)"),
    ]
  ) { invocation in
    let report = try RunsBench.run(
      metrics: try invocation.int("--metrics", in: 1...1000) ?? 20,
      steps: try invocation.int("--steps", in: 10...10_000_000) ?? 50_000)
    if invocation.json {
      Output.json([
        "open_ms": .number(report.open), "first_curve_ms": .number(report.firstCurve),
        "frame_ms": .number(report.frame), "live_batch_ms": .number(report.liveBatch),
        "key_ms": .number(report.key), "zoom_ms": .number(report.zoom),
        "points": JSON(report.points),
      ])
    } else {
      Output.table([
        ["FIGURE", "MS"], ["open", Format.fixed(report.open, 1)],
        ["first curve", Format.fixed(report.firstCurve, 1)],
        ["frame 120x36", Format.fixed(report.frame, 2)],
        ["live batch", Format.fixed(report.liveBatch, 2)],
        ["key, 99th of 100", Format.fixed(report.key, 2)],
        ["its columns", Format.fixed(report.zoom, 2)],
      ])
    }
    return .done
  }
}
