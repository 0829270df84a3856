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
  public var alerts = AlertSettings()

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
    var alerts = try fields.fields("alerts")
    self.alerts.bell = try alerts.bool("bell", default: false)
    self.alerts.stallSeconds = try alerts.double("stall_seconds", in: 1...1e7, default: 600)
    self.alerts.command = try alerts.strings("command", default: [])
    try alerts.finish()
    try fields.finish()
  }
}

/// What is done when a run needs somebody's eyes.
public struct AlertSettings: Equatable, Sendable {
  /// Whether the terminal's bell rings.
  public var bell = false
  /// Seconds without a step after which a run at work counts as stalled.
  public var stallSeconds = 600.0
  /// A program with its arguments; kind, experiment, step and text are added. Empty: none.
  public var command: [String] = []

  public init() {}
}
