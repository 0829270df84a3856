public import Base

/// With what an experiment was made: enough to ask, later, why two results differ.
public struct Provenance: Equatable, Sendable {
  /// Kaji's version and the commit it was built from.
  public var version = ""
  public var commit = ""
  public var host = ""
  /// What the kernels could use, as "avx2 fma avx512f".
  public var cpu = ""
  public var threads = 0
  /// Names and versions of the C libraries.
  public var libraries: [String: String] = [:]
  /// SHA-256 of the data, tokenizer and configuration, by name.
  public var hashes: [String: String] = [:]
  public var commandLine: [String] = []

  public init() {}

  /// The provenance of whatever this process does.
  public static func current(
    version: String, commit: String = "", cpu: String = Provenance.cpuLevel(),
    threads: Int = ThreadPool.available, libraries: [String: String] = [:],
    hashes: [String: String] = [:], commandLine: [String] = CommandLine.arguments
  ) -> Provenance {
    var provenance = Provenance()
    provenance.version = version
    provenance.commit = commit
    provenance.host = ProcessIdentity.hostName
    provenance.cpu = cpu
    provenance.threads = threads
    provenance.libraries = libraries
    provenance.hashes = hashes
    provenance.commandLine = commandLine
    return provenance
  }

  /// Model and vector abilities of this machine's processor, as the system names them.
  public static func cpuLevel() -> String {
    let lines = ((try? Files.readText("/proc/cpuinfo", limit: 1 << 24)) ?? "").split(
      separator: "\n")
    func field(_ name: String) -> Substring {
      let line = lines.first { $0.hasPrefix(name) } ?? ""
      return line.drop { $0 != ":" }.dropFirst().drop { $0 == " " }
    }
    let flags = Set(field("flags").split(separator: " "))
    let known: [Substring] = [
      "avx2", "fma", "avx512f", "avx512bw", "avx512_vnni", "avx_vnni", "avx512_bf16", "amx_bf16",
    ]
    let found = known.filter(flags.contains)
    return ([field("model name")] + found).filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension Provenance {
  var json: JSON {
    func map(_ entries: [String: String]) -> JSON {
      .object(entries.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })
    }
    return .object([
      ("version", JSON(version)), ("commit", JSON(commit)), ("host", JSON(host)),
      ("cpu", JSON(cpu)), ("threads", JSON(threads)), ("libraries", map(libraries)),
      ("hashes", map(hashes)), ("command_line", .array(commandLine.map { JSON($0) })),
    ])
  }

  init(_ json: JSON) {
    func map(_ json: JSON?) -> [String: String] {
      var entries: [String: String] = [:]
      for (key, value) in json?.object ?? JSONObject() { entries[key] = value.string }
      return entries
    }
    version = json["version"]?.string ?? ""
    commit = json["commit"]?.string ?? ""
    host = json["host"]?.string ?? ""
    cpu = json["cpu"]?.string ?? ""
    threads = json["threads"]?.int ?? 0
    libraries = map(json["libraries"])
    hashes = map(json["hashes"])
    commandLine = json["command_line"]?.array?.compactMap(\.string) ?? []
  }
}
