import Terminal
import TestSupport
import Testing

@testable import Workbench

@Suite("Palette") struct PaletteTests {
  @Test func `frames`() throws {
    var player = Player(.runs, Player.small, [Samples.runs])
    player.press(.down, .character(":"))
    try expectGolden(player.frame, "palette.80x24.txt")
    player.type("st")
    try expectGolden(player.frame, "palette.typed.80x24.txt")
    player.type("zzz")
    #expect(player.frame.contains("No action is called so."))
  }

  /// Every action of every pane, chosen by its name, does what its key does.
  @Test func `an action does what its key does`() {
    for player in HintTests.situations where !WorkbenchUpdate.takesText(player.state) {
      for action in AnyPane(player.state.pane).actions(player.state) {
        var pressed = player
        pressed.press(action.key)
        var chosen = player
        chosen.press(.character(":"))
        chosen.type(action.label)
        guard
          let row = chosen.state.palette?.matches(chosen.state).firstIndex(where: {
            $0.action == action
          })
        else {
          Issue.record("\(action.label) is not found by its name")
          continue
        }
        for _ in 0..<row { chosen.press(.down) }
        chosen.press(.enter)
        #expect(chosen.state.palette == nil)
        #expect(chosen.frame == pressed.frame, "\(player.state.pane): \(action.label)")
        #expect(chosen.effects.count == pressed.effects.count)
      }
    }
  }

  @Test func `a few letters and Enter do it`() {
    var player = Player(.corpus, Player.small, Samples.corpusMessages + [Samples.runs])
    player.press(.character(":"))
    player.type("q")
    player.press(.enter)
    #expect(player.effects.contains { if case .quit = $0 { true } else { false } })
    player.press(.character(":"))
    player.type("newrun")
    player.press(.enter)
    #expect(player.state.pane == .runs && player.state.runs.dialog != nil, "another pane's action")
    player.press(.escape, .character(":"))
    player.type("go to scores")
    player.press(.enter)
    #expect(player.state.pane == .scores)
    player.press(.character(":"))
    #expect(player.state.palette?.matches(player.state).first?.action.label == "go to Scores")
    player.press(.escape)
    #expect(player.state.palette == nil)
    player.press(.character(":"), .backspace)
    #expect(player.state.palette == nil)
  }

  @Test func `what is impossible stands there with its reason, and says it`() {
    var player = Player(.runs, Player.small, isReadOnly: true, [Samples.runs])
    player.press(.character(":"))
    player.type("new run")
    #expect(player.frame.contains("The workspace is read-only"))
    player.press(.enter)
    #expect(player.state.notice?.text.contains("read-only") == true)
  }

  @Test func `in an input a colon is a colon`() {
    var player = Player(.chat, Player.small, [Samples.models])
    player.press(.enter)
    player.type("a:b")
    #expect(player.state.palette == nil && player.state.chat.input.text == "a:b")
  }

  /// Panes that are not on the screen do nothing behind its back.
  @Test func `without a workspace there are only the general actions`() {
    var player = Player(.runs, Player.small, hasWorkspace: false)
    player.press(.character("n"))
    #expect(player.state.runs.dialog == nil)
    player.press(.character(":"))
    #expect(
      player.state.palette?.matches(player.state).allSatisfy { $0.action.pane == nil } == true)
    player.press(.escape, .character("?"))
    #expect(player.frame.contains("Everywhere"))
  }
}
