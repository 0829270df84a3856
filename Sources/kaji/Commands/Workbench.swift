import Base
import Lab
import Terminal
import Workbench
import Workflows

extension Commands {
  /// `kaji` alone, and `chat MODEL` without `--plain`.
  ///
  /// - Parameter chat: the model whose chat is to be opened, and how it is asked; `nil`: the first pane.
  static func workbench(
    _ invocation: Invocation,
    chattingWith chat: (model: String, settings: ChatSession.Settings)? = nil
  ) throws -> ExitStatus {
    guard Output.isInteractive, !invocation.json else {
      let instead =
        chat == nil
        ? "See 'kaji --help' for what the command line does." : "Use --plain to chat line by line."
      throw UsageError("the workbench needs a terminal", remedy: instead)
    }
    let ending = try openWorkbench(
      try invocation.workspaceIfAny(), invocation, chattingWith: chat)
    return ExitStatus(ending)
  }

  /// Gives the terminal to the workbench until the user quits or the terminal goes away.
  static func openWorkbench(
    _ workspace: Workspace?, _ invocation: Invocation,
    chattingWith chat: (model: String, settings: ChatSession.Settings)? = nil
  ) throws -> Ending {
    let context = try invocation.context(workspace)
    let themes = try Resources.folder("themes")
    return try Output.lendScreen {
      if let chat {
        return try Workbench.chat(
          with: chat.model, chat.settings, workspace: workspace, context: context, themes: themes)
      }
      return try Workbench.run(workspace: workspace, context: context, themes: themes)
    }
  }
}

extension ExitStatus {
  /// How a workbench that ended so leaves the program.
  init(_ ending: Ending) { self = ending == .quit ? .done : .interrupted }
}
