import Base
public import Lab

/// Asking something of a run, and hearing its answer.
public enum RunRequest {
  /// Leaves a request for a run and waits for the event that answers it.
  ///
  /// - Parameter patience: seconds to wait; the request stays when they are over.
  /// - Returns: the answer; `nil` if none came in time.
  /// - Throws: `Failure` if nobody is there to answer.
  public static func send(
    _ request: Request, to number: Int, in workspace: Workspace, patience: Double
  ) throws -> RunEvent? {
    let experiments = Experiments(workspace)
    let experiment = try experiments.find(number)
    let state = experiments.state(of: experiment)
    guard state.isLive else {
      throw Failure(
        "experiment \(number) is not running: it is \(state.rawValue)",
        remedy: "Start it with `kaji train --resume \(number)`.")
    }
    let id = try Control(experiment.folder.control).send(request)
    var reader = RunReader(experiment.folder.run)
    let start = monotonicSeconds()
    while true {
      reader.refresh()
      if let answer = reader.events.last(where: { $0.data["request"]?.string == id }) {
        return answer
      }
      guard monotonicSeconds() - start < patience else { return nil }
      sleep(seconds: 0.05)
    }
  }
}
