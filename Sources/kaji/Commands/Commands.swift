import Base

/// Every command, in the order of the help.
enum Commands {
  static let all: [Command] = [demo]

  /// `kaji` alone.
  static func workbench(_ invocation: Invocation, in folder: Path? = nil) throws -> ExitStatus {
    .done
  }
}
