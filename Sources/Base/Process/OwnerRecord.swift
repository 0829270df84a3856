/// What a file says by which a process holds something: which process it is, and since when.
///
/// The file `owner` of an experiment is one, and so is a ``ChangeLock``.
public struct OwnerRecord: Equatable, Sendable {
  public let process: ProcessIdentity
  /// The batch system's number of the job, or empty.
  public let job: String
  /// When it was taken, in milliseconds since 1970.
  public let taken: Int
  /// Tells this taking from every other.
  public let token: String

  public init(process: ProcessIdentity, job: String, taken: Int) {
    self.process = process
    self.job = job
    self.taken = taken
    let text = "\(process.host) \(process.bootID) \(process.pid) \(process.startTime) \(taken)"
    token = String(SHA256.hex(of: Array(text.utf8)).prefix(16))
  }

  /// Reads an owner file; `nil` if there is none.
  ///
  /// - Throws: ``Failure`` if it cannot be read or makes no sense.
  public static func read(_ path: Path) throws -> OwnerRecord? {
    guard Files.exists(path) else { return nil }
    let text: String
    do { text = try Files.readText(path, limit: 1 << 16) } catch {
      // Between the look and the reading it may have been given up.
      if !Files.exists(path) { return nil }
      throw error
    }
    guard let json = try? JSON.parse(text), let host = json["host"]?.string,
      let boot = json["boot_id"]?.string, let pid = json["pid"]?.int,
      let start = json["start_time"]?.int, let taken = json["taken"]?.int
    else {
      throw Failure(
        "\(path) does not say which process made it",
        remedy: "Remove the file if no process of Kaji works in \(path.parent).")
    }
    return OwnerRecord(
      process: ProcessIdentity(host: host, bootID: boot, pid: pid, startTime: start),
      job: json["job"]?.string ?? "", taken: taken)
  }

  /// The content of the file: a JSON object on a line.
  public var bytes: [UInt8] {
    let json = JSON.object([
      ("host", JSON(process.host)), ("boot_id", JSON(process.bootID)), ("pid", JSON(process.pid)),
      ("start_time", JSON(process.startTime)), ("job", JSON(job)), ("taken", JSON(taken)),
    ])
    return Array((json.text() + "\n").utf8)
  }

  /// The process for people: "process 4711 on node3 (job 89)".
  public var description: String {
    "process \(process.pid) on \(process.host)" + (job.isEmpty ? "" : " (job \(job))")
  }
}
