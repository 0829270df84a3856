import Base
import Lab
import Terminal
import Workbench
import Workflows

extension Commands {
  /// `kaji` alone, and `chat MODEL` without `--plain`.
  ///
  /// - Parameter model: the model whose chat is to be opened; `nil`: the first pane.
  static func workbench(
    _ invocation: Invocation, chattingWith model: String? = nil
  ) throws -> ExitStatus {
    guard Output.isInteractive, !invocation.json else {
      let instead =
        model == nil
        ? "See 'kaji --help' for what the command line does." : "Use --plain to chat line by line."
      throw UsageError("the workbench needs a terminal", remedy: instead)
    }
    let ending = try openWorkbench(
      try invocation.workspaceIfAny(), invocation, chattingWith: model)
    return ending == .quit ? .done : .interrupted
  }

  /// Gives the terminal to the workbench until the user quits or the terminal goes away.
  static func openWorkbench(
    _ workspace: Workspace?, _ invocation: Invocation, chattingWith model: String? = nil
  ) throws -> Ending {
    let context = try invocation.context(workspace)
    let themes = try Resources.folder("themes")
    return try Output.lendScreen {
      if let model {
        return try Workbench.chat(
          with: model, workspace: workspace, context: context, themes: themes)
      }
      return try Workbench.run(workspace: workspace, context: context, themes: themes)
    }
  }
}
