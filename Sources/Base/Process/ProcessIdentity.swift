import Glibc

/// Which process of which boot of which host: what outlives the reuse of process numbers.
public struct ProcessIdentity: Equatable, Sendable {
  public let host: String
  /// The random name of this boot of the host.
  public let bootID: String
  public let pid: Int
  /// Start of the process in clock ticks since boot (field 22 of /proc/PID/stat).
  public let startTime: Int

  public init(host: String, bootID: String, pid: Int, startTime: Int) {
    self.host = host
    self.bootID = bootID
    self.pid = pid
    self.startTime = startTime
  }

  /// This process.
  public static var current: ProcessIdentity {
    let pid = Int(getpid())
    return ProcessIdentity(
      host: hostName, bootID: currentBootID, pid: pid, startTime: startTime(of: pid) ?? 0)
  }

  /// A process of this host, if one of that number runs.
  public static func running(_ pid: Int) -> ProcessIdentity? {
    startTime(of: pid).map {
      ProcessIdentity(host: hostName, bootID: currentBootID, pid: pid, startTime: $0)
    }
  }

  /// Whether the process belongs to this boot of this host.
  public var isLocal: Bool { host == Self.hostName && bootID == Self.currentBootID }

  /// Whether a local process still runs; `nil` for another host's, which cannot be asked.
  ///
  /// A process of an earlier boot of this host is dead.
  public var isAlive: Bool? {
    guard host == Self.hostName else { return nil }
    return bootID == Self.currentBootID && Self.startTime(of: pid) == startTime
  }

  /// The name of this host, made safe for file names.
  public static var hostName: String {
    var info = utsname()
    guard unsafe uname(&info) == 0 else { return "localhost" }
    let name = unsafe withUnsafeBytes(of: &info.nodename) { buffer in
      unsafe String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
    }
    let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" }
    return safe.isEmpty ? "localhost" : String(safe)
  }

  private static var currentBootID: String {
    let text = (try? Files.readText("/proc/sys/kernel/random/boot_id")) ?? ""
    return text.filter { $0.isHexDigit || $0 == "-" }
  }

  /// Start time of a running process; zombies count as dead.
  private static func startTime(of pid: Int) -> Int? {
    guard let text = try? Files.readText(Path("/proc/\(pid)/stat")),
      let name = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: name)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return Int(fields[19])
  }
}

/// The name of the user this process works for, as the system's list of users has it.
public var userName: String {
  if let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name {
    return unsafe String(cString: name)
  }
  return environment("USER") ?? "uid\(getuid())"
}
