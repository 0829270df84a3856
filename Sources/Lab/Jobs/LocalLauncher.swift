public import Base

/// Starts trainers as processes of this host that outlive whoever starts them.
public struct LocalLauncher: Sendable {
  /// What the names of the logs begin with.
  static let logPrefix = "train-"

  /// The program to start: this one.
  public let executable: Path

  public init(executable: Path = executablePath) { self.executable = executable }

  /// Starts `kaji train --resume NUMBER` in a session of its own, its output going to the run's `logs/`.
  ///
  /// - Parameters:
  ///   - options: further options of the command line, as `["--threads", "4"]`.
  /// - Returns: the process number and the log.
  /// - Throws: ``Failure`` if the run is held by a living process, or the program cannot be started.
  @discardableResult
  public func resume(
    _ number: Int, in workspace: Workspace, options: [String] = []
  ) throws -> (pid: Int, log: Path) {
    try workspace.requireWritable()
    let folder = try Experiments(workspace).folder(of: number)
    if let owner = try OwnerRecord.read(folder.owner), owner.process.isAlive == true {
      throw Failure(
        "experiment \(number) is being run by \(owner.description)",
        remedy: "Watch it with `kaji runs watch \(number)`.")
    }
    try Files.makeDirectory(folder.logs)
    let time = Timestamp.now().iso8601.filter { $0 != ":" && $0 != "-" }
    let log = folder.logs / "\(Self.logPrefix)\(time)-\(ProcessIdentity.hostName).log"
    let arguments =
      [
        executable.string, "train", "--resume", String(number), "--workspace",
        workspace.root.string,
      ]
      + options
    return (try Subprocess.detach(arguments, output: log), log)
  }
}
