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
  public func device() throws -> any Device {
    switch deviceName {
    case "cpu": return try CPUDevice(pool: pool)
    case "reference": return ReferenceDevice()
    case _ where deviceName.hasPrefix("opencl") || deviceName.hasPrefix("cuda"):
      throw Failure(
        "the device \(deviceName) is not built into this version", remedy: "Use --device cpu.")
    default:
      throw Failure(
        "unknown device '\(Sanitiser.visible(deviceName))'",
        remedy: "Use one of cpu, reference.")
    }
  }

  /// The provenance of what is made with this context.
  public func provenance(hashes: [String: String] = [:]) -> Provenance {
    .current(
      version: kajiVersion, commit: kajiCommit, threads: threads,
      libraries: Dictionary(uniqueKeysWithValues: Doctor.libraryVersions), hashes: hashes,
      commandLine: commandLine)
  }
}
