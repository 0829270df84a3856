/// How much processor time the process's cgroups leave it.
enum ProcessorQuota {
  /// The processors' worth of time that this process may use; `nil` without a limit.
  static var processors: Double? {
    let membership = (try? Files.readText("/proc/self/cgroup")) ?? ""
    let mounts = (try? Files.readText("/proc/self/mountinfo", limit: 1 << 24)) ?? ""
    return least(membership: membership, mounts: mounts) { try? Files.readText($0, limit: 4096) }
  }

  /// The smallest quota of the process's own cgroup and all above it, since each of them holds.
  ///
  /// - Parameters:
  ///   - membership: the text of `/proc/self/cgroup`.
  ///   - mounts: the text of `/proc/self/mountinfo`.
  ///   - read: the text of a file, `nil` if there is none.
  static func least(
    membership: String, mounts: String, read: (Path) -> String?
  ) -> Double? {
    var least: Double?
    for line in membership.split(separator: "\n") {
      // HIERARCHY:CONTROLLERS:PATH; the one hierarchy of version 2 names no controllers.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isUnified = fields[1].isEmpty
      guard isUnified || fields[1].split(separator: ",").contains("cpu") else { continue }
      guard let mount = mount(isUnified: isUnified, in: mounts) else { continue }
      let group = Path(String(fields[2]))
      // In a container the mount may show only a part of the tree, of which `root` is the top.
      let inside = group.relative(to: mount.root) ?? "."
      var folder = inside == "." ? mount.point : mount.point / inside
      while true {
        if let quota = isUnified ? unified(folder, read) : legacy(folder, read) {
          least = min(least ?? quota, quota)
        }
        guard folder != mount.point, folder.relative(to: mount.point) != nil else { break }
        folder = folder.parent
      }
    }
    return least
  }

  /// Where a hierarchy is mounted, and which of its groups is shown at the mount's top.
  private static func mount(
    isUnified: Bool, in mounts: String
  ) -> (point: Path, root: Path)? {
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 3 < fields.count
      else { continue }
      let isWanted =
        isUnified
        ? fields[dash + 1] == "cgroup2"
        : fields[dash + 1] == "cgroup" && fields[dash + 3].split(separator: ",").contains("cpu")
      if isWanted { return (Path(String(fields[4])), Path(String(fields[3]))) }
    }
    return nil
  }

  /// `cpu.max`: "QUOTA PERIOD" in microseconds, or "max PERIOD".
  private static func unified(_ folder: Path, _ read: (Path) -> String?) -> Double? {
    let fields = (read(folder / "cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
    guard fields.count == 2 else { return nil }
    return share(fields[0], fields[1])
  }

  /// The two files of version 1; a quota of −1 is none.
  private static func legacy(_ folder: Path, _ read: (Path) -> String?) -> Double? {
    func field(_ name: String) -> Substring {
      (read(folder / name) ?? "").split(whereSeparator: \.isWhitespace).first ?? ""
    }
    return share(field("cpu.cfs_quota_us"), field("cpu.cfs_period_us"))
  }

  private static func share(_ quota: Substring, _ period: Substring) -> Double? {
    guard let quota = Int(quota), let period = Int(period), quota > 0, period > 0 else {
      return nil
    }
    return Double(quota) / Double(period)
  }
}
