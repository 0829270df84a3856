import Base
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// What every pane looks like, on a small and on a wide screen, with Japanese data and with none.
@Suite("Frames") struct FrameTests {
  static let sizes = [(Player.small, "80x24"), (Player.wide, "160x45")]

  @Test func `corpus`() throws {
    for (size, name) in Self.sizes {
      var player = Player(.corpus, size, Samples.corpusMessages)
      try expectGolden(player.frame, "corpus.\(name).txt")
      player.press(.enter, .enter, .down, .down, .enter)
      player.receive(Samples.document())
      try expectGolden(player.frame, "corpus.reading.\(name).txt")
    }
  }

  @Test func `a subset whose text may not be shown says why`() throws {
    var player = Player(.corpus, Player.small, Samples.corpusMessages)
    player.press(.tab, .down, .down, .enter)
    try expectGolden(player.frame, "corpus.withheld.80x24.txt")
  }

  @Test func `runs`() throws {
    for (size, name) in Self.sizes {
      var player = Player(.runs, size, [Samples.runs])
      player.press(.down)
      player.receiveCurves()
      try expectGolden(player.frame, "runs.\(name).txt")
    }
  }

  @Test func `runs zoomed to the spike, and the dialogs`() throws {
    var player = Player(.runs, Player.small, [Samples.runs])
    player.press(.down)
    player.receiveCurves()
    player.press(.character("v"))
    player.receiveCurves()
    try expectGolden(player.frame, "runs.spike.80x24.txt")
    player.press(.character("s"))
    try expectGolden(player.frame, "runs.stop.80x24.txt")
    player.press(.escape, .character("w"))
    try expectGolden(player.frame, "runs.why.80x24.txt")
    player.press(.escape, .tab, .character("n"))
    player.type("学習/小.yaml")
    try expectGolden(player.frame, "runs.new.80x24.txt")
  }

  @Test func `chat`() throws {
    for (size, name) in Self.sizes {
      var player = Player(.chat, size, [Samples.models, Samples.chats])
      try expectGolden(player.frame, "chat.models.\(name).txt")
      player.press(.enter)
      player.receive(Samples.loaded)
      player.type("歌島の灯台はだれが守りますか。")
      player.press(.enter)
      player.receive(
        .chat(
          .piece(ChatPiece(answer: 1, text: Samples.answer, tokens: 31, tokensPerSecond: 148.2))))
      player.type("祭りは")
      try expectGolden(player.frame, "chat.answering.\(name).txt")
    }
  }

  @Test func `scores`() throws {
    for (size, name) in Self.sizes {
      var player = Player(.scores, size, [Samples.board])
      try expectGolden(player.frame, "scores.\(name).txt")
      player.press(.enter)
      player.receive(Samples.samples)
      try expectGolden(player.frame, "scores.samples.\(name).txt")
      player.press(.down, .enter)
      try expectGolden(player.frame, "scores.sample.\(name).txt")
    }
  }

  @Test func `experiments`() throws {
    for (size, name) in Self.sizes {
      var player = Player(.experiments, size, [Samples.experiments])
      player.press(.down)
      try expectGolden(player.frame, "experiments.\(name).txt")
      player.press(.enter)
      try expectGolden(player.frame, "experiments.menu.\(name).txt")
    }
  }

  @Test func `empty panes say what to do next`() throws {
    let empty: [WorkbenchMessage] = [
      .corpus(.versions([])), .runs(.list([])), .chat(.models([])),
      .scores(.table(ScoreBoard(models: [], columns: ["average"], rows: [], chance: [nil]))),
      .experiments(.list([], problems: [])),
    ]
    for pane in PaneID.allCases {
      let player = Player(pane, Player.small, empty)
      try expectGolden(player.frame, "empty.\(pane).80x24.txt")
    }
    try expectGolden(
      Player(.runs, Player.small, hasWorkspace: false).frame, "no-workspace.80x24.txt")
  }

  @Test func `what a search found is in view and marked`() throws {
    for (size, name) in Self.sizes {
      var player = Player(.corpus, size, Samples.corpusMessages)
      player.press(.character("/"))
      player.type("鏡 夏至")
      player.press(.enter)
      player.receive(Samples.found)
      try expectGolden(player.frame, "corpus.found.\(name).txt")
      player.press(.enter)
      let text = String(repeating: Samples.texts[0] + "\n\n", count: 30) + Samples.texts[1]
      player.receiveDocument(Samples.document(text: text))
      #expect(player.frame.contains("夏至に鏡を磨く"), "the document opens where the words stand")
      var surface = Surface(size: size)
      WorkbenchView.view(player.state, &surface)
      try expectGolden(surface.styleMap, "corpus.found.styles.\(name).txt")
    }
  }

  @Test func `help`() throws {
    var player = Player(.runs, Player.small, [Samples.runs])
    player.press(.character("?"))
    try expectGolden(player.frame, "help.80x24.txt")
  }

  /// No size may trap, whatever is on the screen.
  @Test func `every size draws`() {
    let messages =
      Samples.corpusMessages + [
        Samples.runs, Samples.models, Samples.chats, Samples.board, Samples.experiments,
      ]
    for width in [0, 1, 5, 12, 20, 40, 79, 110, 200] {
      for height in [0, 1, 2, 3, 5, 8, 15, 28, 60] {
        for pane in PaneID.allCases {
          var player = Player(pane, Size(width: width, height: height), messages)
          player.receiveCurves()
          _ = player.frame
          player.press(.enter, .tab, .enter, .tab)
          player.receiveDocument(Samples.document())
          player.receive(Samples.samples)
          _ = player.frame
          player.press(.escape, .escape, .character(":"), .down)
          _ = player.frame
        }
      }
    }
  }
}
