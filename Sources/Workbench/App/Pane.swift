import Corpus
import Terminal

/// One of the workbench's panes: state, messages, a pure update and a pure view.
///
/// What a pane wants of the world it says as an effect; the answer comes back as a message.
protocol Pane {
  /// Everything the pane shows.
  associatedtype State: PaneState
  /// What can happen to it besides keys.
  associatedtype Message: Sendable
  /// What it may ask of the world.
  associatedtype Effect: PaneEffect
  /// What its keys do.
  associatedtype Command: Sendable

  /// Advances the state by one event, without I/O, clock or randomness.
  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect]

  /// Draws the state; the same state always gives the same surface.
  static func view(_ state: State, _ surface: inout Surface)

  /// The keys that mean something now, most useful first: update, footer, help and palette all read this.
  static func actions(_ state: State) -> [KeyAction<Command>]

  /// Does what one of the actions stands for.
  static func perform(_ command: Command, _ state: inout State) -> [Effect]

  /// Whether letters and digits are the pane's own now: text of an input, or answers to a question.
  static func takesText(_ state: State) -> Bool
}

extension Pane {
  static func takesText(_ state: State) -> Bool { false }

  /// The keys for footer and help.
  static func hints(_ state: State) -> [KeyHint] { actions(state).map(\.hint) }

  /// What `key` does if it stands for an action now, be it to say why the action is impossible;
  /// `nil` if it stands for none.
  static func act(on key: Key, _ state: inout State) -> [Effect]? {
    guard let action = actions(state).first(where: { $0.key == key }) else { return nil }
    if let obstacle = action.obstacle { return [.notice(obstacle)] }
    return perform(action.command, &state)
  }
}

/// What every pane's state has: boxes, one of which has the keys.
protocol PaneState: Sendable {
  associatedtype Box: Equatable

  var focus: Box { get set }
  /// The boxes Tab goes through.
  var boxes: [Box] { get }
}

extension PaneState {
  /// Goes to the next box for Tab, to the one before for Shift+Tab; `false` for other keys.
  mutating func changeBox(by key: Key) -> Bool {
    switch key {
    case .tab: focus = boxes.cycled(from: focus, by: 1)
    case .backTab: focus = boxes.cycled(from: focus, by: -1)
    default: return false
    }
    return true
  }
}

/// What every pane may ask for.
protocol PaneEffect: Sendable {
  /// A line of news at the bottom.
  static func notice(_ text: String) -> Self
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

  var name: String {
    switch self {
    case .corpus: "Corpus"
    case .runs: "Runs"
    case .chat: "Chat"
    case .scores: "Scores"
    case .experiments: "Experiments"
    }
  }

  /// The digit that leads there.
  var digit: Character { Character(String(rawValue + 1)) }

  /// What stands on the tab.
  var title: String { "\(digit) \(name)" }

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
  /// Documents of a corpus, as a search would list them.
  case documents(CorpusRow.Name, [DocumentID], title: String)
  /// The scores of these models.
  case scores([String])
  /// A chat with a model, named as on the command line.
  case chat(String)
}
