import Base
import Synchronization

/// How busy this machine is: processors, memory, graphics processors where there are some.
public final class SystemGauge: Sendable {
  private struct Times {
    var busy = 0
    var all = 0
  }
  private let last = Mutex(Times())
  private let smi = ["/usr/bin/nvidia-smi", "/usr/local/bin/nvidia-smi"].map { Path($0) }
    .first(where: Files.exists)

  public init() { last.withLock { $0 = Self.times() } }

  /// A line each; processors are told of since the last look.
  public func lines() -> [String] {
    var lines: [String] = []
    let now = Self.times()
    let (busy, all) = last.withLock { last in
      defer { last = now }
      return (now.busy - last.busy, now.all - last.all)
    }
    if all > 0 {
      let share = Double(busy) / Double(all)
      lines.append("cpu      \(Self.bar(share)), of \(ThreadPool.available) processors")
    }
    if let total = SystemMemory.total, let free = SystemMemory.available, total > 0 {
      let share = Double(total - free) / Double(total)
      lines.append(
        "memory   \(Self.bar(share)), \(Format.bytes(total - free)) of \(Format.bytes(total))")
    }
    return lines + graphics()
  }

  /// `[#####.....]  52 %`, with `!` when it is nearly full.
  static func bar(_ share: Double) -> String {
    let filled = max(0, min(10, Int((10 * share).rounded())))
    let percent = Format.padLeft(String(Int((100 * share).rounded())), 3)
    return "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: 10 - filled))]"
      + " \(percent) %\(share > 0.95 ? " !" : "")"
  }

  private func graphics() -> [String] {
    guard let smi else { return [] }
    let query = "index,utilization.gpu,temperature.gpu,power.draw,memory.used,memory.total"
    let answer = try? Subprocess.run(
      [smi.string, "--query-gpu=\(query)", "--format=csv,noheader,nounits"])
    let output = String(decoding: answer?.output ?? [], as: UTF8.self)
    return output.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ",").map { $0.filter { !$0.isWhitespace } }
      guard fields.count == 6, let used = Double(fields[1]) else { return nil }
      return "gpu \(fields[0])    \(Self.bar(used / 100)), \(fields[2]) C, \(fields[3]) W, "
        + "\(fields[4]) of \(fields[5]) MiB"
    }
  }

  /// The first line of /proc/stat: ticks by what they were spent on, idle and waiting for disks the 4th and 5th.
  private static func times() -> Times {
    let text = (try? Files.readText("/proc/stat", limit: 1 << 20)) ?? ""
    let fields = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Int($0) }
    guard fields.count > 4 else { return Times() }
    let all = fields.prefix(8).reduce(0, +)
    return Times(busy: all - fields[3] - fields[4], all: all)
  }
}
