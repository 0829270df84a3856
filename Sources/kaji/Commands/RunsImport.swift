import Base
import Lab
import Workflows

extension Commands {
  static let runsImport = Command(
    "runs import", "PATH", "takes over the curves of a run of another tool, and finds its spikes",
    options: [
      .value("--slug", "SLUG", "the experiment's short name (else the file's)"),
      .value("--number", "N", "the experiment's number (else the next free one)"),
      .flag("--follow", "goes on reading while it grows, until Ctrl-C"),
    ], count: 1...1
  ) { invocation in
    let workspace = try invocation.workspace()
    let path = Path(invocation.arguments[0])
    let isFollowing = invocation.has("--follow")
    if isFollowing { Signals.install() }
    let report = try RunImport.run(
      path, slug: try invocation.value("--slug") ?? slug(invocation, path.string),
      number: try invocation.int("--number", in: 1...Int.max), in: workspace,
      try invocation.context(workspace)
    ) {
      guard isFollowing, !Signals.isPending(.interrupt), !Signals.isPending(.terminate) else {
        return false
      }
      sleep(seconds: 1)
      return true
    }
    if invocation.json {
      Output.json([
        "experiment": JSON(report.experiment), "tool": JSON(report.tool),
        "steps": JSON(report.steps), "spikes": JSON(report.spikes),
      ])
    } else {
      Output.line(
        "experiment \(report.experiment): \(Format.count(report.steps)) steps of \(report.tool), "
          + "\(report.spikes) spike\(report.spikes == 1 ? "" : "s")")
    }
    return .done
  }
}
