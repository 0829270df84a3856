import Base
import Lab

extension Commands {
  /// `kaji` alone, and `chat MODEL` without `--plain`.
  ///
  /// - Parameters:
  ///   - workspace: the one to open; `nil`: as the command line says.
  ///   - model: the model whose chat is to be opened; `nil`: the first pane.
  static func workbench(
    _ invocation: Invocation, in workspace: Workspace? = nil, chattingWith model: String? = nil
  ) throws -> ExitStatus {
    guard Output.isInteractive, !invocation.json else {
      let instead =
        model == nil
        ? "See 'kaji --help' for what the command line does." : "Use --plain to chat line by line."
      throw UsageError("the workbench needs a terminal", remedy: instead)
    }
    throw Failure(
      "the workbench is not part of this build",
      remedy: "See 'kaji --help' for what the command line does.")
  }
}
