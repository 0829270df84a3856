public import Base
public import Lab
import Synchronization
public import Tensors

/// What every piece of work is done with: device, threads, who is told, who may stop it.
public struct WorkContext: Sendable {
  /// The name of the device, as `--device` takes it.
  public var deviceName: String
  public var threads: Int
  public var progress: any ProgressReporter
  /// The words of the command line, for provenance.
  public var commandLine: [String]
  /// Raised to end long work early; what it did so far is kept.
  public var cancellation = CancellationFlag()
  /// What of the processor may be used; nil: what the variable KAJI_CPU_LEVEL names, else all.
  public var level: CPULevel?

  public init(
    deviceName: String = "cpu", threads: Int = ThreadPool.available,
    progress: any ProgressReporter = SilentProgress(), commandLine: [String] = []
  ) {
    self.deviceName = deviceName
    self.threads = threads
    self.progress = progress
    self.commandLine = commandLine
  }

  /// The threads of numeric work: the same for every context with as many.
  public var pool: ThreadPool {
    if threads == ThreadPool.shared.threads { return .shared }
    return Self.pools.withLock { pools in
      if let pool = pools[threads] { return pool }
      let pool = ThreadPool(threads: threads)
      pools[threads] = pool
      return pool
    }
  }

  /// The pools of other widths than the shared one's; a pool's threads never end, so none is made twice.
  private static let pools = Mutex<[Int: ThreadPool]>([:])

  /// The device of that name.
  ///
  /// - Throws: `Failure` for a device that is not built in or not there.
  public func device(precision: Precision = .fp32) throws -> any Device {
    switch DeviceName(deviceName) {
    case .cpu: return try CPUDevice(pool: pool, level: try allowedLevel(), precision: precision)
    case .reference: return ReferenceDevice(precision: precision)
    case .accelerator:
      throw Failure(
        "the device \(deviceName) is not built into this version", remedy: "Use --device cpu.")
    case nil:
      throw Failure(
        "unknown device '\(Sanitiser.visible(deviceName))'",
        remedy: "Use one of cpu, reference.")
    }
  }

  /// The options with which another process of this program works as this one does.
  public var options: [String] { ["--threads", String(threads), "--device", deviceName] }

  private func allowedLevel() throws -> CPULevel {
    if let level { return level }
    guard let name = environment("KAJI_CPU_LEVEL") else { return .supported }
    guard let level = CPULevel.allCases.first(where: { "\($0)" == name }) else {
      throw Failure(
        "KAJI_CPU_LEVEL is '\(Sanitiser.visible(name))'",
        remedy: "Use one of \(CPULevel.allCases.map { "\($0)" }.joined(separator: ", ")).")
    }
    return level
  }

  /// The provenance of what is made with this context.
  public func provenance(hashes: [String: String] = [:]) -> Provenance {
    .current(
      version: kajiVersion, commit: kajiCommit, threads: threads,
      libraries: Dictionary(uniqueKeysWithValues: Doctor.libraryVersions), hashes: hashes,
      commandLine: commandLine)
  }
}
