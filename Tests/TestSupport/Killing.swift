import Base
import Glibc

/// Kills a process at once and waits until it is dead, or a zombie, so that nothing of it still runs.
public func killAndWait(_ pid: Int) {
  kill(pid_t(pid), SIGKILL)
  for _ in 0..<1000 {
    guard let stat = try? Files.readText(Path("/proc/\(pid)/stat")),
      let name = stat.lastIndex(of: ")")
    else { return }
    let state = stat[stat.index(after: name)...].first { $0 != " " }
    if state == "Z" || state == "X" { return }
    sleep(seconds: 0.01)
  }
}
