import Base

extension Commands {
  /// `kaji` alone, `chat MODEL` without `--plain`, and the end of `demo`.
  ///
  /// - Parameters:
  ///   - folder: the workspace; `nil`: the one that the command line names or the current folder lies in.
  ///   - model: the model whose chat is to be opened; `nil`: the first pane.
  static func workbench(
    _ invocation: Invocation, in folder: Path? = nil, chattingWith model: String? = nil
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
