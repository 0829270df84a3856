public import Base
public import Lab
public import Terminal
public import Workflows

/// The full-screen face of Kaji.
public enum Workbench {
  /// Takes over the terminal until the user quits or the terminal goes away; runs go on in either case.
  ///
  /// - Parameters:
  ///   - workspace: what to show; `nil`: the screen says how to make one.
  ///   - pane: the pane in front.
  ///   - context: with what models are loaded and runs are started.
  ///   - themes: the folder of theme files.
  /// - Returns: why it ended.
  /// - Throws: `Failure` if there is no terminal fit for it, or the workspace's index cannot be opened.
  public static func run(
    workspace: Workspace?, pane: PaneID = .runs, context: WorkContext, themes: Path
  ) throws -> Ending {
    try run(workspace, pane, context, themes, chat: nil)
  }

  /// The chat alone, with one model: `kaji chat MODEL`. Without a workspace nothing is stored.
  ///
  /// - Parameters:
  ///   - model: as on the command line: a folder, an experiment's number, or NUMBER@STEP.
  ///   - settings: to begin with; the pane can change them.
  public static func chat(
    with model: String, _ settings: ChatSession.Settings, workspace: Workspace?,
    context: WorkContext, themes: Path
  ) throws -> Ending {
    // Found before the screen is taken over, so that a wrong name is an error like any other.
    _ = try ModelReference(model, in: workspace)
    return try run(workspace, .chat, context, themes, chat: (model, settings))
  }

  private static func run(
    _ workspace: Workspace?, _ pane: PaneID, _ context: WorkContext, _ themes: Path,
    chat: (model: String, settings: ChatSession.Settings)?
  ) throws -> Ending {
    let mailbox = try Mailbox<WorkbenchMessage>(capacity: 1024)
    let world = try World(workspace: workspace, context: context, mailbox: mailbox)
    let screen = try Screen()
    defer { screen.stop() }
    let folder = ThemeFolder(
      themes, wanted: workspace?.settings.theme, depth: screen.depth)
    var state = WorkbenchState(
      pane: pane, workspaceName: workspace?.root.name ?? "no workspace",
      hasWorkspace: workspace != nil, isReadOnly: workspace?.isWritable == false,
      themes: folder.themes, only: chat == nil ? nil : .chat)
    if !folder.problems.isEmpty {
      let problems = folder.problems.joined(separator: "; ")
      mailbox.post(.notice("Themes: \(problems)", isError: true))
    }
    if let chat {
      state.chat.settings = ChatSettings(chat.settings)
      mailbox.post(.chat(.choose(chat.model)))
    }
    let (_, ending) = try EventLoop.run(
      state, on: screen, mailbox: mailbox, theme: { $0.theme }, mouse: WorkbenchUpdate.heedsMouse,
      update: WorkbenchUpdate.update,
      view: WorkbenchView.view, perform: world.perform)
    world.finish()
    return ending
  }
}
