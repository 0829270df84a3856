import Base
import Lab
import Terminal
import Training
import Workflows

extension Commands {
  static let demo = Command(
    "demo", "[DIR]", "the whole life of a small model on the sample data, then the workbench",
    options: [
      .flag("--headless", "print a summary instead of opening the workbench"),
      .value(
        "--preset", "P", "full (three to five minutes) or minute; a demo goes on with its own"),
    ], count: 0...1
  ) { invocation in
    let wanted = try invocation.choice("--preset", of: DemoPreset.self)
    Signals.install()
    let folder = Path(invocation.arguments.first ?? invocation.value("--workspace") ?? "kaji-demo")
    let begun = Files.exists(folder / "kaji.yaml") ? try Workspace.open(folder) : nil
    let context = try invocation.context(begun)
    // Stages that cannot look at signals themselves look at the context's flag.
    return try Interruption.raising(context.cancellation) {
      let preset = try DemoPreset.of(folder, wanted: wanted)
      let demo = try Demo(
        in: folder, sampleData: try Resources.folder("sample-data"), preset: preset, context
      ) { invocation.remark($0) }
      let isHeadless = invocation.has("--headless") || invocation.json || !Output.isInteractive
      let isFinished = demo.isFinished
      let life = DemoLife(demo)
      if !isHeadless, !isFinished, asksForWorkbench(while: life) {
        return try visit(life, in: folder, invocation)
      }
      return try end(of: life, in: folder, invocation) { summary in
        // The terminal may have gone meanwhile.
        if isHeadless || Signals.isPending(.hangUp) { return show(summary, invocation) }
        let ending = try openWorkbench(try Workspace.open(folder), invocation)
        return ExitStatus(ending)
      }
    }
  }

  /// Waits for the end of the demo, and for `w`, which the user may type to have the workbench at once.
  ///
  /// - Returns: whether the workbench is wanted now.
  private static func asksForWorkbench(while life: DemoLife) -> Bool {
    Output.note("w and Enter open the workbench while this goes on")
    var isListening = true
    while !life.isOver {
      guard isListening, !Signals.isPending(.hangUp) else {
        sleep(seconds: 0.1)
        continue
      }
      switch TerminalInput.line(within: 0.1) {
      case .line(let text): if text.first == "w" { return true }
      case .nothing: break
      case .ended: isListening = false
      }
    }
    return false
  }

  /// The workbench while the demo goes on.
  private static func visit(
    _ life: DemoLife, in folder: Path, _ invocation: Invocation
  ) throws -> ExitStatus {
    let ending = try openWorkbench(try Workspace.open(folder), invocation)
    switch ending {
    // Nobody is there any more: it goes on to its end as if headless.
    case .hangUp: Signals.raise(.hangUp)
    case .terminated: Signals.raise(.terminate)
    case .quit: return try handOver(life, in: folder, invocation)
    }
    return try end(of: life, in: folder, invocation) { show($0, invocation) }
  }

  private static func handOver(
    _ life: DemoLife, in folder: Path, _ invocation: Invocation
  ) throws -> ExitStatus {
    let name = Sanitiser.visible(folder.string)
    if !life.isOver { Output.note("saving, and handing the run over to a process of its own") }
    switch try life.handOver() {
    case .finished: return .done
    case .goesOn(let experiment, let pid):
      Output.note("experiment \(experiment) goes on as process \(pid)")
      Output.note("watch it with 'kaji --workspace \(name)'; 'kaji demo \(name)' does the rest")
      return .done
    case .stopped: return stopped(.saved, folder)
    }
  }

  /// Waits for the end of the demo and says how it went.
  private static func end(
    of life: DemoLife, in folder: Path, _ invocation: Invocation,
    _ finish: (DemoSummary) throws -> ExitStatus
  ) throws -> ExitStatus {
    let outcome: Demo.Outcome
    do { outcome = try life.outcome() } catch {
      // A stage that was cancelled throws; what it had done is kept or done again.
      if Signals.isPending(.interrupt) { return stopped(.interrupted, folder) }
      if Signals.isPending(.terminate) { return stopped(.saved, folder) }
      throw error
    }
    switch outcome {
    case .stopped(let report):
      return stopped(report.outcome == .interrupted ? .interrupted : .saved, folder)
    case .finished(let summary): return try finish(summary)
    }
  }

  private static func stopped(_ status: ExitStatus, _ folder: Path) -> ExitStatus {
    Output.note("saved; 'kaji demo \(Sanitiser.visible(folder.string))' goes on from here")
    return status
  }

  private static func show(_ summary: DemoSummary, _ invocation: Invocation) -> ExitStatus {
    if invocation.json { Output.json(summary.json) } else { printSummary(summary) }
    return .done
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
