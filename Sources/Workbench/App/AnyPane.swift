import Terminal

/// A pane without its types: what the workbench does with the one in front, or with each of them.
struct AnyPane {
  /// What reaches a pane besides the messages of its own kind.
  enum Input {
    case key(Key)
    case paste(String)
    case resized(Size)
    case closing(Ending)
  }

  let id: PaneID
  let update: (inout WorkbenchState, Input) -> [WorkbenchEffect]
  let draw: (WorkbenchState, inout Surface) -> Void
  let actions: (WorkbenchState) -> [Action]
  let takesText: (WorkbenchState) -> Bool

  private init<P: Pane>(
    _ id: PaneID, _ pane: P.Type, _ place: WritableKeyPath<WorkbenchState, P.State>,
    _ wrap: @escaping (P.Effect) -> WorkbenchEffect
  ) {
    self.id = id
    update = { state, input in
      let event: Event<P.Message> =
        switch input {
        case .key(let key): .key(key)
        case .paste(let text): .paste(text)
        case .resized(let size): .resized(size)
        case .closing(let ending): .closing(ending)
        }
      return P.update(&state[keyPath: place], event).map(wrap)
    }
    draw = { state, surface in P.view(state[keyPath: place], &surface) }
    actions = { state in P.actions(state[keyPath: place]).map { Action(id, $0) } }
    takesText = { state in P.takesText(state[keyPath: place]) }
  }

  init(_ id: PaneID) {
    switch id {
    case .corpus: self.init(id, CorpusPane.self, \.corpus, WorkbenchEffect.corpus)
    case .runs: self.init(id, RunsPane.self, \.runs, WorkbenchEffect.runs)
    case .chat: self.init(id, ChatPane.self, \.chat, WorkbenchEffect.chat)
    case .scores: self.init(id, ScoresPane.self, \.scores, WorkbenchEffect.scores)
    case .experiments:
      self.init(id, ExperimentsPane.self, \.experiments, WorkbenchEffect.experiments)
    }
  }

  static var all: [AnyPane] { PaneID.allCases.map { AnyPane($0) } }
}

/// An action without its command: what footer, help and palette know of it. Its key does it.
struct Action: Sendable, Equatable {
  /// The pane it belongs to; `nil`: it is there everywhere.
  var pane: PaneID?
  var key: Key
  var label: String
  /// Why it is impossible now.
  var obstacle: String?

  init<Command>(_ pane: PaneID?, _ action: KeyAction<Command>) {
    self.pane = pane
    key = action.key
    label = action.label
    obstacle = action.obstacle
  }

  var hint: KeyHint { KeyHint(key, label, isEnabled: obstacle == nil) }
}
