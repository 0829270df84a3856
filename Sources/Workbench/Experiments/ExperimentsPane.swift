import Lab
import Terminal

/// The numbered experiments, and the way to what they made.
enum ExperimentsPane: Pane {
  enum Message: Sendable, Equatable {
    /// All experiments, newest first, and what could not be read.
    case list([ExperimentRow], problems: [String])
  }

  enum Effect: PaneEffect, Equatable {
    case show(Destination)
    case notice(String)
  }

  enum Command: Sendable, Equatable { case open, run, scores, chat, choose, cancel }

  static func update(_ state: inout State, _ event: Event<Message>) -> [Effect] {
    ExperimentsUpdate.handle(event, &state)
  }

  static func view(_ state: State, _ surface: inout Surface) {
    ExperimentsView.draw(state, &surface)
  }

  static func actions(_ state: State) -> [KeyAction<Command>] { ExperimentsUpdate.actions(state) }

  static func perform(_ command: Command, _ state: inout State) -> [Effect] {
    ExperimentsUpdate.perform(command, &state)
  }

  static func takesText(_ state: State) -> Bool { state.menu != nil }
}

/// An experiment in the list, with what the detail box tells.
struct ExperimentRow: Sendable, Equatable {
  var number: Int
  var slug: String
  var kind: ExperimentKind
  var state: RunState
  /// From the workspace on.
  var folder: String
  var title: String
  var purpose: String
  var owner: String
  var created: String
  var links: [String]
  var notes: [String]
  /// One line a fact: version, host, hashes.
  var provenance: [String]
  var hasRun: Bool
  /// The models it made, or evaluated, that have scores.
  var scored: [String]
  /// Steps with a checkpoint, newest first.
  var checkpoints: [Int]
}

extension ExperimentsPane {
  struct State: PaneState {
    enum Box: Sendable { case list, details }

    /// What Enter leads to.
    struct Menu: Sendable {
      struct Item: Sendable, Equatable {
        var label: String
        var destination: Destination
      }

      var items: [Item]
      var list = ListState()
    }

    var size = Size(width: 80, height: 22)
    var focus = Box.list
    /// `nil` until the workspace was read.
    var rows: [ExperimentRow]?
    var problems: [String] = []
    var list = ListState()
    /// The number of the chosen experiment; kept when the list changes.
    var selected: Int?
    var scroll = ScrollState()
    var menu: Menu?

    var boxes: [Box] { [.list, .details] }

    var experiment: ExperimentRow? { rows?.first { $0.number == selected } }
  }
}
