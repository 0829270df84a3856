import Terminal

/// One of the workbench's panes: state, messages, a pure update and a pure view.
///
/// What a pane wants of the world it says as an effect; the answer comes back as a message.
protocol Pane {
  /// Everything the pane shows.
  associatedtype State: Sendable
  /// What can happen to it besides keys.
  associatedtype Message: Sendable
  /// What it may ask of the world.
  associatedtype Effect: Sendable
  /// What its keys do.
  associatedtype Command: Sendable

  /// Advances the state by one event, without I/O, clock or randomness.
  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect]

  /// Draws the state; the same state always gives the same surface.
  static func view(_ state: State, _ surface: inout Surface)

  /// The keys that mean something now, most useful first: update, footer and help all read this.
  static func actions(_ state: State) -> [KeyAction<Command>]

  /// Whether letters and digits are the pane's own now: text of an input, or answers to a question.
  static func takesText(_ state: State) -> Bool
}

extension Pane {
  static func takesText(_ state: State) -> Bool { false }

  /// The keys for footer and help.
  static func hints(_ state: State) -> [KeyHint] { actions(state).map(\.hint) }
}

/// A key of a pane and what it does now, or why it does nothing.
struct KeyAction<Command: Sendable>: Sendable {
  var key: Key
  var label: String
  var command: Command
  /// Why the key does nothing now; pressing it says so.
  var obstacle: String?

  init(_ key: Key, _ label: String, _ command: Command, unless obstacle: String? = nil) {
    self.key = key
    self.label = label
    self.command = command
    self.obstacle = obstacle
  }

  var hint: KeyHint { KeyHint(key, label, isEnabled: obstacle == nil) }
}

/// The panes, in the order of their tabs.
public enum PaneID: Int, CaseIterable, Sendable {
  case corpus, runs, chat, scores, experiments

  /// The name on the tab, with the digit that leads there.
  var title: String {
    let name =
      switch self {
      case .corpus: "Corpus"
      case .runs: "Runs"
      case .chat: "Chat"
      case .scores: "Scores"
      case .experiments: "Experiments"
      }
    return "\(rawValue + 1) \(name)"
  }

  /// The pane `offset` tabs further, round and round.
  func moved(by offset: Int) -> PaneID {
    let count = PaneID.allCases.count
    return PaneID.allCases[((rawValue + offset) % count + count) % count]
  }
}

/// Where one pane sends the user in another.
enum Destination: Equatable, Sendable {
  /// The run of an experiment.
  case run(Int)
  /// The scores of these models.
  case scores([String])
  /// A chat with a model, named as on the command line.
  case chat(String)
}
