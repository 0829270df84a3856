import Base

/// Whether the system ends a user's processes when the user logs out.
///
/// systemd's logind does with `KillUserProcesses=yes`, unless the user lingers. It does not see processes started
/// in a session of their own as anything else.
enum LoginSession {
  static func findings(
    configuration: [Path] = places, lingering: Path = "/var/lib/systemd/linger"
  ) -> [Finding] {
    guard Files.isDirectory("/run/systemd/seats") || Files.isDirectory("/run/systemd/users") else {
      return [Finding("system", "log-out", "no logind here: detached runs go on")]
    }
    let kills = killsUserProcesses(configuration)
    let user = environment("USER") ?? environment("LOGNAME") ?? ""
    let lingers = !user.isEmpty && Files.exists(lingering / user)
    guard kills, !lingers else {
      let why = kills ? "\(user) lingers" : "KillUserProcesses=no"
      return [Finding("system", "log-out", "detached runs go on (\(why))")]
    }
    return [
      Finding(
        "system", "log-out", "the system ends detached runs (KillUserProcesses=yes)", .warning,
        cure: "Run `loginctl enable-linger`, or ask the administrator to.")
    ]
  }

  /// The files of logind's settings, in the order in which they overrule each other.
  private static var places: [Path] {
    var files: [Path] = []
    for folder in ["/usr/lib/systemd", "/etc/systemd", "/run/systemd"] as [Path] {
      files.append(folder / "logind.conf")
      let drops = folder / "logind.conf.d"
      guard Files.isDirectory(drops) else { continue }
      files += ((try? Files.list(drops)) ?? []).filter { $0.hasSuffix(".conf") }.map { drops / $0 }
    }
    return files
  }

  /// What the last file that says so says; Debian's own default is no.
  static func killsUserProcesses(_ files: [Path]) -> Bool {
    var kills = false
    for file in files where Files.exists(file) {
      for line in ((try? Files.readText(file, limit: 1 << 20)) ?? "").split(separator: "\n") {
        let parts = line.split(separator: "=", maxSplits: 1).map {
          $0.filter { !$0.isWhitespace }.lowercased()
        }
        guard parts.count == 2, parts[0] == "killuserprocesses" else { continue }
        kills = ["yes", "true", "1", "on"].contains(parts[1])
      }
    }
    return kills
  }
}
