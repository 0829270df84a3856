import Base

/// The most memory this process has had resident, in bytes; 0 where the system does not tell.
func peakResidentBytes() -> Int {
  let text = (try? Files.readText("/proc/self/status")) ?? ""
  let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) * 1024
}
