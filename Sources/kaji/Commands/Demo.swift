import Base
import Lab
import Training
import Workflows

extension Commands {
  static let demo = Command(
    "demo", "[DIR]", "the whole life of a small model on the sample data, then the workbench",
    options: [
      .flag("--headless", "print a summary instead of opening the workbench"),
      .value("--preset", "P", "full (about six minutes) or minute"),
    ], count: 0...1
  ) { invocation in
    let presets = DemoPreset.allCases.map(\.rawValue).joined(separator: ", ")
    guard let preset = DemoPreset(rawValue: invocation.value("--preset") ?? "full") else {
      throw UsageError(
        "--preset is '\(Sanitiser.visible(invocation.value("--preset") ?? ""))'",
        remedy: "Use one of \(presets).")
    }
    Signals.install()
    let folder = Path(invocation.arguments.first ?? invocation.value("--workspace") ?? "kaji-demo")
    let begun = Files.exists(folder / "kaji.yaml") ? try Workspace.open(folder) : nil
    let context = try invocation.context(begun)
    // Stages that cannot look at signals themselves look at the context's flag.
    let watch = try Ticker(every: 0.1) {
      if Signals.isPending(.interrupt) || Signals.isPending(.terminate) {
        context.cancellation.cancel()
      }
    }
    defer { withExtendedLifetime(watch) {} }
    let demo = try Demo(
      in: folder, sampleData: try Resources.folder("sample-data"), preset: preset, context
    ) { invocation.remark($0) }
    let outcome: Demo.Outcome
    do { outcome = try demo.run() } catch {
      // A stage that was cancelled throws; what it had done is kept or done again.
      if Signals.isPending(.interrupt) { return stopped(.interrupted, folder) }
      if Signals.isPending(.terminate) { return stopped(.saved, folder) }
      throw error
    }
    switch outcome {
    case .stopped(let outcome):
      return stopped(outcome == .interrupted ? .interrupted : .saved, folder)
    case .finished(let summary): return try show(summary, of: folder, invocation)
    }
  }

  private static func stopped(_ status: ExitStatus, _ folder: Path) -> ExitStatus {
    Output.note("saved; 'kaji demo \(Sanitiser.visible(folder.string))' goes on from here")
    return status
  }

  private static func show(_ summary: DemoSummary, of folder: Path, _ invocation: Invocation) throws
    -> ExitStatus
  {
    if invocation.json {
      Output.json(summary.json)
      return .done
    }
    let isHeadless = invocation.has("--headless") || !Output.isInteractive
    if isHeadless || Signals.isPending(.hangUp) {
      printSummary(summary)
      return .done
    }
    return try workbench(invocation, in: folder)
  }

  private static func printSummary(_ summary: DemoSummary) {
    Output.line(
      "\(Format.short(Double(summary.parameters))) parameters, \(summary.updates) updates, "
        + "\(summary.spikes) loss spike\(summary.spikes == 1 ? "" : "s"), "
        + Format.duration(summary.seconds))
    Output.line("loss on held-out documents, nats a token")
    Output.table([
      ["  unigram", Format.fixed(summary.unigramLoss, 4)],
      ["  bigram (Kneser-Ney)", Format.fixed(summary.bigramLoss, 4)],
      ["  this model", Format.fixed(summary.validationLoss, 4)],
      ["  model / bigram", Format.fixed(summary.validationLoss / summary.bigramLoss, 4)],
    ])
    Output.line()
    Output.table(summary.table)
    Output.line()
    Output.line("checkpoints: " + summary.checkpoints.joined(separator: ", "))
  }
}
