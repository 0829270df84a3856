import Glibc

/// The machine's memory.
public enum SystemMemory {
  /// Bytes that programs can still get without swapping, as the kernel guesses; `nil` if it does not say.
  public static var available: Int? { figure("MemAvailable:") }

  /// Bytes in all; `nil` if the kernel does not say.
  public static var total: Int? { figure("MemTotal:") }

  private static func figure(_ name: String) -> Int? {
    let text = (try? Files.readText("/proc/meminfo", limit: 1 << 20)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
    // In units of 1,024 bytes, whatever the file calls them.
    guard let line, let units = Int(line.filter(\.isNumber)) else { return nil }
    return units.multipliedClamping(by: 1024)
  }

  /// Bytes of this process that are in memory.
  public static var resident: Int? {
    // The second figure counts pages.
    let fields = ((try? Files.readText("/proc/self/statm", limit: 4096)) ?? "").split(
      separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages.multipliedClamping(by: Int(sysconf(CInt(_SC_PAGESIZE))))
  }
}
