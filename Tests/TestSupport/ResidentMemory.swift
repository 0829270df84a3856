import Base

/// The memory of this process as Linux counts it.
public enum ResidentMemory {
  /// The most bytes that were ever resident (VmHWM).
  public static var peak: Int { field("VmHWM:") }

  /// Bytes resident now (VmRSS).
  public static var now: Int { field("VmRSS:") }

  /// Makes ``peak`` start again from what is resident now.
  ///
  /// - Returns: whether the system let us.
  @discardableResult
  public static func resetPeak() -> Bool {
    // Value 5 resets the high-water mark: proc(5), clear_refs.
    guard let file = try? StandingFile("/proc/self/clear_refs") else { return false }
    return file.write("5")
  }

  private static func field(_ name: String) -> Int {
    let text = (try? Files.readText("/proc/self/status")) ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      return (Int(line.filter(\.isNumber)) ?? 0) * 1024
    }
    return 0
  }
}
