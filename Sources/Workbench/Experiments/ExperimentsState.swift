import Lab
import Terminal

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
