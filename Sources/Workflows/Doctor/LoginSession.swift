import Base

/// Whether the system ends a user's processes when the user logs out.
///
/// systemd's logind does with `KillUserProcesses=yes`, unless the user lingers or is on the list of those it
/// spares. It does not see processes started in a session of their own as anything else.
enum LoginSession {
  /// - Parameter root: the root of the file system that is looked at.
  static func findings(root: Path = "/", user: String = userName) -> [Finding] {
    guard ["seats", "users"].contains(where: { Files.isDirectory(root / "run/systemd" / $0) })
    else {
      return [Finding("system", "log-out", "no logind here: detached runs go on")]
    }
    let settings = Settings(root)
    let kills = settings.kills(user)
    let lingers = Files.exists(root / "var/lib/systemd/linger" / user)
    guard kills, !lingers else {
      let why =
        !settings.killsProcesses
        ? "KillUserProcesses=no"
        : kills ? "\(user) lingers" : "KillUserProcesses=yes does not concern \(user)"
      return [Finding("system", "log-out", "detached runs go on (\(why))")]
    }
    return [
      Finding(
        "system", "log-out", "the system ends detached runs (KillUserProcesses=yes)", .warning,
        cure: "Run `loginctl enable-linger`, or ask the administrator to.")
    ]
  }

  /// What logind's configuration says.
  private struct Settings {
    private(set) var killsProcesses = false
    private var only: [Substring] = []
    private var spared: [Substring] = ["root"]

    /// Reads the files as logind does: the first of the main ones, then the additions by name, of which one in
    /// `/etc` hides one of the same name elsewhere.
    init(_ root: Path) {
      let folders = ["etc", "run", "usr/local/lib", "usr/lib"].map { root / $0 / "systemd" }
      if let main = folders.map({ $0 / "logind.conf" }).first(where: Files.exists) {
        // The comments of the main file are the defaults that logind was built with.
        read(main, comments: true)
        read(main)
      }
      var additions: [String: Path] = [:]
      for folder in folders.map({ $0 / "logind.conf.d" }) where Files.isDirectory(folder) {
        for name in (try? Files.list(folder)) ?? [] where name.hasSuffix(".conf") {
          if additions[name] == nil { additions[name] = folder / name }
        }
      }
      for (_, file) in additions.sorted(by: { $0.key < $1.key }) { read(file) }
    }

    func kills(_ user: String) -> Bool {
      killsProcesses && !spared.contains(user[...]) && (only.isEmpty || only.contains(user[...]))
    }

    private mutating func read(_ file: Path, comments: Bool = false) {
      let text = (try? Files.readText(file, limit: 1 << 20)) ?? ""
      for var line in text.split(separator: "\n") {
        if comments != line.hasPrefix("#") { continue }
        if comments { line.removeFirst() }
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { continue }
        let words = parts[1].split { $0.isWhitespace }
        switch parts[0].filter({ !$0.isWhitespace }) {
        case "KillUserProcesses":
          killsProcesses = ["yes", "true", "1", "on", "y", "t"].contains(
            words.first?.lowercased() ?? "")
        case "KillOnlyUsers": only = words.isEmpty ? [] : only + words
        case "KillExcludeUsers": spared = words.isEmpty ? [] : spared + words
        default: break
        }
      }
    }
  }
}
