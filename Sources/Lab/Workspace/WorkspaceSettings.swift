public import Base
import Formats

/// What `kaji.yaml` says; docs/configuration.md lists the keys.
public struct WorkspaceSettings: Equatable, Sendable {
  /// The most threads that can be asked for.
  public static let mostThreads = 1024

  /// The workbench's theme; `nil` for the default one.
  public var theme: String?
  /// Threads for numeric work; `nil` for as many as the machine allows.
  public var threads: Int?
  /// The device to compute on; `nil` for the default one.
  public var device: String?

  /// All defaults.
  public init() {}

  /// Reads a `kaji.yaml`.
  ///
  /// - Throws: ``Failure`` naming file and line, for a key that is not known with the nearest one that is.
  public init(_ file: Path) throws {
    var fields = try YAML.read(file).fields()
    theme = try fields.optionalString("theme")
    threads = try fields.optionalInt("threads", in: 1...Self.mostThreads)
    device = try fields.optionalString("device")
    try fields.finish()
  }
}
