import Base
import Lab
import Terminal
import Workbench
import Workflows

extension Commands {
  /// `kaji` alone, `chat MODEL` without `--plain`, and the end of `demo`.
  ///
  /// - Parameters:
  ///   - folder: the workspace; `nil`: the one that the command line names or the current folder lies in.
  ///   - chat: the model whose chat is to be opened, and how it is asked; `nil`: the first pane.
  static func workbench(
    _ invocation: Invocation, in folder: Path? = nil,
    chattingWith chat: (model: String, settings: ChatSession.Settings)? = nil
  ) throws -> ExitStatus {
    guard Output.isInteractive, !invocation.json else {
      let instead =
        chat == nil
        ? "See 'kaji --help' for what the command line does." : "Use --plain to chat line by line."
      throw UsageError("the workbench needs a terminal", remedy: instead)
    }
    let workspace =
      try folder.map { try Workspace.open($0) } ?? invocation.workspaceIfAny()
    let context = try invocation.context(workspace)
    let themes = try Resources.folder("themes")
    let ending =
      if let chat {
        try Workbench.chat(
          with: chat.model, chat.settings, workspace: workspace, context: context, themes: themes)
      } else {
        try Workbench.run(workspace: workspace, context: context, themes: themes)
      }
    return ending == .quit ? .done : .interrupted
  }
}
