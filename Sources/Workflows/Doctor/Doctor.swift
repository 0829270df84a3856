public import Base
import Database
import Formats
import Lab
import Tensors

/// Looks at the machine: what works, what is missing, and the cure.
public enum Doctor {
  /// Everything but the terminal, which is another module's.
  ///
  /// - Parameters:
  ///   - folder: whose file system is looked at.
  ///   - context: the device and threads that work would be done with.
  public static func examine(folder: Path, _ context: WorkContext) -> [Finding] {
    libraries() + processor(context) + devices() + LoginSession.findings() + resources()
      + disk(folder)
  }

  /// Names and versions of the libraries that computing and storing stand on.
  public static var libraryVersions: [(name: String, version: String)] {
    [
      ("glibc", CLibrary.version), ("SQLite", DatabaseLibrary.version),
      ("utf8proc", UnicodeLibrary.version),
    ] + FormatLibraries.versions
  }

  private static func libraries() -> [Finding] {
    var findings = libraryVersions.map { Finding("library", $0.name, $0.version) }
    if !DatabaseLibrary.hasFullTextSearch {
      findings.append(
        Finding(
          "library", "SQLite FTS5", "not built in", .missing,
          cure: "Install an SQLite with full-text search (Debian: libsqlite3-0)."))
    }
    return findings
  }

  private static func processor(_ context: WorkContext) -> [Finding] {
    let level = CPULevel.supported
    return [
      Finding("processor", "model and features", Provenance.cpuLevel()),
      Finding(
        "processor", "kernels", "\(level)", level == .baseline ? .warning : .good,
        cure: level == .baseline
          ? "Use a machine with AVX2: training is several times faster there." : ""),
      Finding("processor", "matrix products", "Kaji's own, fp32 and bf16, \(level)"),
      Finding(
        "processor", "threads", "\(context.threads) of \(ThreadPool.available) available"),
    ]
  }

  private static func devices() -> [Finding] {
    var findings: [Finding] = []
    do {
      let device = try CPUDevice()
      findings.append(Finding("device", "cpu", "\(device.name): products checked"))
    } catch {
      findings.append(
        Finding("device", "cpu", oneLine(error), .missing, cure: "Use --device reference."))
    }
    findings.append(Finding("device", "reference", "float64, one thread: for checking"))
    for name in ["opencl", "cuda"] {
      findings.append(Finding("device", name, "this version has none and needs none"))
    }
    return findings
  }

  private static func resources() -> [Finding] {
    ["themes", "sample-data"].map { name in
      do { return Finding("resource", name, try Resources.folder(name).string) } catch {
        return Finding(
          "resource", name, "not found", .missing,
          cure: "Install with scripts/install, or run from a checkout.")
      }
    }
  }

  private static func disk(_ folder: Path) -> [Finding] {
    guard let free = try? Files.freeBytes(at: folder) else {
      return [
        Finding("disk", folder.string, "cannot be asked", .warning, cure: "Check its permissions.")
      ]
    }
    let isScarce = free < 2_000_000_000
    var findings = [
      Finding(
        "disk", folder.absolute.string, "\(Format.bytes(free)) free", isScarce ? .warning : .good,
        cure: isScarce ? "Free some space: checkpoints and corpora need gigabytes." : "")
    ]
    if !Files.isOnLocalFileSystem(folder) {
      let kind = Files.fileSystemKind(folder)
      findings.append(
        Finding(
          "disk", "file system",
          "\(kind.isEmpty ? "unknown" : kind), taken for one of a network: "
            + "the index is kept in the user's cache"))
    }
    return findings
  }
}
