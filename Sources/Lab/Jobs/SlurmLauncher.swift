public import Base

/// Runs that Slurm starts: a script made for one experiment, shown and submitted.
public struct SlurmLauncher: Sendable {
  /// The program to start: this one.
  public let executable: Path
  /// Options of sbatch besides those that every script has, as `--partition=main`.
  public var options: [String]
  /// Seconds before the time limit at which the run is told to save.
  public var grace = 120

  public init(executable: Path = executablePath, options: [String] = []) {
    self.executable = executable
    self.options = options
  }

  /// The script that goes on with an experiment's run.
  ///
  /// Before its time limit Slurm signals the script, which passes that on; a run that then ends with 75, saved, is
  /// queued again. One that somebody stopped is not.
  public func script(
    _ experiment: Experiment, in workspace: Workspace, arguments: [String] = []
  ) -> String {
    let number = Format.pad(experiment.number, 4)
    let logs = experiment.folder.logs
    var lines = [
      "#!/bin/bash",
      "#SBATCH --job-name=\(experiment.folder.name)",
      "#SBATCH --comment=kaji:\(number)",
      "#SBATCH --output=\(quoted(logs.string + "/slurm-%j.log"))",
      "#SBATCH --open-mode=append",
      "#SBATCH --requeue",
      "#SBATCH --signal=B:TERM@\(grace)",
    ]
    lines += options.map { "#SBATCH \($0)" }
    let command =
      [
        executable.string, "train", "--resume", String(experiment.number), "--workspace",
        workspace.root.string,
      ] + arguments
    lines += [
      "", "signalled=", "trap 'signalled=1; kill -TERM \"$run\" 2>/dev/null' TERM",
      command.map(quoted).joined(separator: " ") + " &", "run=$!", "status=0",
      "wait \"$run\"; status=$?",
      "# The signal ends the wait, not the run.",
      "while [ -n \"$signalled\" ] && kill -0 \"$run\" 2>/dev/null; do wait \"$run\"; status=$?; done",
      "if [ -n \"$signalled\" ] && [ \"$status\" -eq 75 ]; then scontrol requeue \"$SLURM_JOB_ID\"; fi",
      "exit \"$status\"", "",
    ]
    return lines.joined(separator: "\n")
  }

  /// Hands a script to Slurm.
  ///
  /// - Returns: the job's number.
  /// - Throws: ``Failure`` with what sbatch said.
  public func submit(_ script: String, of experiment: Experiment) throws -> Int {
    try Files.makeDirectory(experiment.folder.logs)
    let file = experiment.folder.logs / "job.sh"
    try Files.write(script, to: file)
    let answer = try Slurm.call(["sbatch", "--parsable", file.string])
    // `JOB` or `JOB;CLUSTER`.
    guard let job = Int(answer.prefix { $0.isNumber }) else {
      throw Failure("sbatch answered '\(Sanitiser.visible(answer))'", remedy: "See 'squeue'.")
    }
    return job
  }

  private func quoted(_ text: String) -> String {
    let isPlain = text.allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || "/._-%=:@+,".contains($0))
    }
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }
}

/// What Slurm is asked.
public enum Slurm {
  /// A job in Slurm's queue.
  public struct Job: Sendable, Equatable {
    public let id: String
    public let name: String
    public let comment: String
    public let state: String

    /// The experiment that its comment or name tells.
    public var experiment: Int? {
      if comment.hasPrefix("kaji:") { return Int(comment.dropFirst(5)) }
      let digits = name.prefix { $0.isNumber }
      guard digits.count >= 4, name.dropFirst(digits.count).first == "_" else { return nil }
      return Int(digits)
    }
  }

  /// Whether its commands are there.
  public static var isInstalled: Bool {
    (environment("PATH") ?? "/usr/bin:/bin").split(separator: ":")
      .contains { Files.exists(Path(String($0)) / "sbatch") }
  }

  /// The jobs of this user that wait or run.
  ///
  /// - Throws: ``Failure`` with what squeue said.
  public static func jobs() throws -> [Job] {
    let answer = try call(["squeue", "--me", "--noheader", "--format=%i|%T|%k|%j"])
    return answer.split(separator: "\n").compactMap { line in
      // The name comes last: it may hold the separator.
      let fields = line.split(separator: "|", maxSplits: 3, omittingEmptySubsequences: false)
      guard fields.count == 4 else { return nil }
      return Job(
        id: String(fields[0]), name: String(fields[3]),
        comment: fields[2] == "(null)" ? "" : String(fields[2]), state: String(fields[1]))
    }
  }

  /// Ends a job.
  public static func cancel(_ id: String) throws { _ = try call(["scancel", id]) }

  /// Runs one of its commands.
  ///
  /// - Returns: what it wrote, without the last newline.
  public static func call(_ arguments: [String]) throws -> String {
    let result: (status: Int, output: [UInt8])
    do { result = try Subprocess.run(arguments) } catch {
      throw Failure(
        "Slurm's \(arguments[0]) cannot be started: \(oneLine(error))",
        remedy: "Install Slurm, or start the run here with --detach.")
    }
    let text = String(decoding: result.output, as: UTF8.self)
    guard result.status == 0 else {
      throw Failure(
        "\(arguments[0]) ended with status \(result.status)",
        remedy: "See what it wrote, and 'sinfo' for partitions that are up.")
    }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
