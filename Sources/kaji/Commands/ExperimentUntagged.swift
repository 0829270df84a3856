import Base
import Workflows

extension Commands {
  static let experimentUntagged = Command(
    "exp untagged", "", "lists jobs of Kaji and of Slurm that belong to no experiment",
    options: [
      .flag("--cancel", "ends them, after asking"),
      .flag("--yes", "does not ask"),
    ], count: 0...0
  ) { invocation in
    let jobs = try UntaggedJob.all(in: try invocation.workspace())
    if invocation.json, !invocation.has("--cancel") {
      Output.json(.array(jobs.map(\.json)))
      return .done
    }
    if !invocation.json {
      Output.table(
        jobs.isEmpty
          ? [["every job belongs to an experiment"]] : jobs.map { [place($0), $0.name, $0.why] },
        leftColumns: 3)
    }
    guard invocation.has("--cancel"), !jobs.isEmpty else {
      if invocation.json { Output.json(.array([])) }
      return .done
    }
    guard invocation.has("--yes") || agrees(jobs.count) else {
      throw Failure("nothing was ended", remedy: "Answer y, or use --yes.")
    }
    for job in jobs { try job.cancel() }
    if invocation.json {
      Output.json(.array(jobs.map(\.json)))
    } else {
      Output.line("ended \(jobs.count) job\(jobs.count == 1 ? "" : "s")")
    }
    return .done
  }

  private static func place(_ job: UntaggedJob) -> String {
    switch job.place {
    case .slurm(let id): "slurm \(id)"
    case .process(let pid): "process \(pid)"
    }
  }

  /// Asks on the terminal; without one the answer is no.
  private static func agrees(_ count: Int) -> Bool {
    guard Output.isInteractive else { return false }
    Output.write("end \(count) job\(count == 1 ? "" : "s")? [y/N] ", to: 2)
    return readLine().map { ["y", "yes"].contains($0.lowercased()) } ?? false
  }
}
