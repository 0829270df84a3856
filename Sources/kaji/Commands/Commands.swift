import Base

/// Every command, in the order of the help.
enum Commands {
  static let all: [Command] = []

  /// `kaji` alone.
  static func workbench(_ invocation: Invocation) throws -> ExitStatus { .done }
}
