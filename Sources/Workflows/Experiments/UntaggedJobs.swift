public import Base
public import Lab

/// A job that belongs to no experiment.
public struct UntaggedJob: Sendable, Equatable {
  public enum Place: Sendable, Equatable {
    case slurm(id: String)
    case process(pid: Int)
  }

  public let place: Place
  public let name: String
  public let why: String

  /// The jobs of this user, in Slurm and on this host, that no experiment of the workspace stands for.
  ///
  /// A job of Slurm tells its experiment by its comment or name (`0042_slug`); a trainer by the owner's file of its
  /// experiment.
  /// - Throws: `Failure` if Slurm is there and does not answer.
  public static func all(in workspace: Workspace) throws -> [UntaggedJob] {
    let experiments = try Experiments(workspace).list().experiments
    let numbers = Set(experiments.map(\.number))
    var found: [UntaggedJob] = []
    if Slurm.isInstalled {
      for job in try Slurm.jobs() {
        guard let number = job.experiment else {
          found.append(UntaggedJob(place: .slurm(id: job.id), name: job.name, why: "has no number"))
          continue
        }
        guard !numbers.contains(number) else { continue }
        found.append(
          UntaggedJob(
            place: .slurm(id: job.id), name: job.name,
            why: "names experiment \(number), which this workspace has not"))
      }
    }
    let owners = Set(
      experiments.compactMap { try? OwnerRecord.read($0.folder.owner)?.process.pid })
    found += trainers(of: workspace).filter { !owners.contains($0.pid) }.map {
      UntaggedJob(
        place: .process(pid: $0.pid), name: $0.command, why: "trains, but holds no experiment")
    }
    return found
  }

  /// Processes of this user that train in the workspace for longer than a start takes.
  private static func trainers(of workspace: Workspace) -> [(pid: Int, command: String)] {
    let own = ProcessIdentity.current.pid
    return ((try? Files.list("/proc")) ?? []).compactMap { Int($0) }.compactMap { pid in
      guard pid != own,
        let bytes = try? Files.read(Path("/proc/\(pid)/cmdline"), limit: 1 << 16)
      else { return nil }
      let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      guard words.count > 2, Path(words[0]).name == "kaji", ["train", "tune"].contains(words[1]),
        words.contains(workspace.root.string),
        let age = age(of: pid), age > 30
      else { return nil }
      return (pid, words.joined(separator: " "))
    }
  }

  /// Seconds since a process began.
  private static func age(of pid: Int) -> Double? {
    guard let modified = try? Files.status(Path("/proc/\(pid)")).modified else { return nil }
    return Timestamp.now().seconds - Double(modified) * 1e-9
  }

  /// Ends the job: Slurm's as scancel does, a process by SIGTERM, on which it saves.
  ///
  /// - Throws: `Failure` if that is refused.
  public func cancel() throws {
    switch place {
    case .slurm(let id): try Slurm.cancel(id)
    case .process(let pid): try Signals.send(.terminate, to: pid)
    }
  }

  public var json: JSON {
    switch place {
    case .slurm(let id): ["slurm_job": JSON(id), "name": JSON(name), "why": JSON(why)]
    case .process(let pid): ["pid": JSON(pid), "name": JSON(name), "why": JSON(why)]
    }
  }
}
