import Terminal
import Workflows

/// Everything the workbench shows.
struct WorkbenchState: Sendable {
  /// A line of news at the bottom, until the next key.
  struct Notice: Equatable, Sendable {
    var text: String
    var isError: Bool
  }

  var size = Size(width: 80, height: 24)
  var pane: PaneID
  /// The name of the workspace, or what to do without one.
  var workspaceName: String
  var hasWorkspace: Bool
  var isReadOnly: Bool
  var themes: [Theme]
  var themeIndex = 0
  var help: ScrollState?
  /// The search for an action, while it is open.
  var palette: Palette?
  /// What was last chosen there, newest first.
  var recentActions: [Action] = []
  var notice: Notice?
  /// What nobody has looked at yet, newest first.
  var alerts: [Alert] = []
  /// The one pane there is, as for `kaji chat MODEL`; `nil`: all.
  var only: PaneID?
  /// Whether the last key was `g`, which begins `gt` and `gT`.
  var hasPrefix = false

  var corpus = CorpusPane.State()
  var runs = RunsPane.State()
  var chat = ChatPane.State()
  var scores = ScoresPane.State()
  var experiments = ExperimentsPane.State()

  /// The state to begin with.
  init(
    pane: PaneID = .runs, workspaceName: String, hasWorkspace: Bool, isReadOnly: Bool = false,
    themes: [Theme] = [.plain], only: PaneID? = nil
  ) {
    self.pane = pane
    self.workspaceName = workspaceName
    self.hasWorkspace = hasWorkspace
    self.isReadOnly = isReadOnly
    self.themes = themes
    self.only = only
    runs.isReadOnly = isReadOnly
    chat.isStored = hasWorkspace && !isReadOnly
  }

  /// Whether there is anything for panes to show: without a workspace only a chat of its own.
  var hasPanes: Bool { hasWorkspace || only != nil }

  /// The theme in use.
  var theme: Theme { themes[themeIndex % themes.count] }
}

/// What can happen to the workbench besides keys.
enum WorkbenchMessage: Sendable {
  case corpus(CorpusPane.Message)
  case runs(RunsPane.Message)
  case chat(ChatPane.Message)
  case scores(ScoresPane.Message)
  case experiments(ExperimentsPane.Message)
  /// A run that needs somebody's eyes.
  case alert(Alert, rings: Bool)
  /// News for the bottom line.
  case notice(String, isError: Bool)
}

/// What the workbench may ask of the world.
enum WorkbenchEffect: Sendable {
  case corpus(CorpusPane.Effect)
  case runs(RunsPane.Effect)
  case chat(ChatPane.Effect)
  case scores(ScoresPane.Effect)
  case experiments(ExperimentsPane.Effect)
  /// Leads to another pane; never leaves the update.
  case show(Destination)
  case quit, suspend, redraw, bell
}
