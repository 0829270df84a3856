import Base
import Tensors
import Workflows

extension Commands {
  static let benchTrain = Command(
    "bench train", "", "times the trainer's step against this machine's products of matrices",
    options: [
      .value(
        "--shape", "S",
        BenchShape.all.map(\.name).joined(separator: ", ") + " (default \(BenchShape.all[0].name))"),
      .value(
        "--precision", "P",
        Precision.allCases.map(\.rawValue).joined(separator: ", ")),
      .value("--steps", "N", "updates that are timed, after three that are not (default 10)"),
      .flag("--profile", "tells the time, operations and bytes of each kind of verb"),
    ]
  ) { invocation in
    let bench = TrainingBench(
      shape: try invocation.choice("--shape", of: BenchShape.all, named: \.name)
        ?? BenchShape.all[0],
      precision: try invocation.choice("--precision") ?? .fp32,
      steps: try invocation.int("--steps", in: 1...100_000) ?? 10)
    let report = try bench.run(
      profiling: invocation.has("--profile"), try invocation.context(invocation.workspaceIfAny()))
    if invocation.json {
      Output.json(json(report))
    } else {
      show(report, bench)
    }
    return .done
  }

  private static func json(_ report: TrainingBench.Report) -> JSON {
    var object = JSONObject([
      ("tokens_per_second", JSON(report.tokensPerSecond)),
      ("seconds_per_step", JSON(report.secondsPerStep)),
      ("model_flops_per_second", JSON(report.modelFLOPsPerSecond)),
      ("gemm_roof_fraction", JSON(report.roofFraction)),
      ("gemm_flops_per_second", JSON(report.productFLOPsPerSecond)),
      ("peak_bytes", JSON(report.steps.peakBytes)),
      ("metrics_share", JSON(report.steps.measuringShare)),
      ("loss_first", JSON(report.steps.lossFirst)),
      ("loss_last", JSON(report.steps.lossLast)),
      ("device", JSON(report.device)),
    ])
    if !report.steps.profile.isEmpty {
      object["profile"] = .array(
        report.steps.profile.map { line in
          [
            "verb": JSON(line.name), "calls": JSON(line.calls), "seconds": JSON(line.seconds),
            "flops": JSON(line.flops), "bytes": JSON(line.bytes),
          ]
        })
    }
    return .object(object)
  }

  private static func show(_ report: TrainingBench.Report, _ bench: TrainingBench) {
    func giga(_ number: Double) -> String { Format.fixed(number / 1e9, 1) }
    Output.line(
      "\(bench.shape.name), \(bench.precision.rawValue), \(report.device): "
        + "\(Format.fixed(report.tokensPerSecond, 0)) tokens/s")
    Output.table(
      [
        ["update", "\(Format.fixed(report.secondsPerStep * 1000, 1)) ms"],
        ["model", "\(giga(report.modelFLOPsPerSecond)) GFLOP/s"],
        [
          "products alone",
          "\(giga(report.productFLOPsPerSecond)) GFLOP/s; the model reaches "
            + "\(Format.fixed(report.roofFraction * 100, 1)) %",
        ],
        ["metrics", "\(Format.significant(report.steps.measuringShare * 100, 2)) % of an update"],
        ["peak memory", Format.bytes(report.steps.peakBytes)],
        [
          "loss",
          "\(Format.fixed(report.steps.lossFirst, 3)) to \(Format.fixed(report.steps.lossLast, 3))",
        ],
      ], leftColumns: 2)
    guard !report.steps.profile.isEmpty else { return }
    let total = report.steps.profile.reduce(0) { $0 + $1.seconds }
    Output.line()
    Output.table(
      [["verb", "calls", "ms", "%", "GFLOP/s", "GB/s"]]
        + report.steps.profile.map { line in
          [
            line.name, String(line.calls), Format.fixed(line.seconds * 1000, 2),
            Format.fixed(line.seconds / total * 100, 1),
            line.flops > 0 ? giga(line.flops / line.seconds) : "",
            line.bytes > 0 ? giga(line.bytes / line.seconds) : "",
          ]
        })
  }
}
