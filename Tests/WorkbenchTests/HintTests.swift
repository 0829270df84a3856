import Terminal
import Testing

@testable import Workbench

/// What footers promise is what keys do.
@Suite("Key hints") struct HintTests {
  /// Keys by the way hints write them.
  static let keys: [String: Key] = {
    var all: [Key] = [.enter, .altEnter, .escape, .tab, .backTab, .up, .down, .pageUp, .pageDown]
    for code in UInt8(32)...126 { all.append(.character(Character(Unicode.Scalar(code)))) }
    for letter in "abcdefghijklmnopqrstuvwxyz" { all.append(.control(letter)) }
    return Dictionary(all.map { ($0.description, $0) }) { first, _ in first }
  }()

  /// A number of situations in every pane.
  static var situations: [Player] {
    let corpus = Samples.corpusMessages
    var players: [Player] = []
    for size in [Player.small, Player.wide] {
      players += PaneID.allCases.map { Player($0, size) }
      var player = Player(.corpus, size, corpus)
      players.append(player)
      for _ in 0..<3 {
        player.press(.tab)
        players.append(player)
      }
      player = Player(.corpus, size, corpus)
      player.press(.tab, .tab, .enter)
      player.receiveDocument(Samples.document())
      players.append(player)
      player.press(.character("/"))
      players.append(player)
      player = Player(.corpus, size, corpus)
      player.press(.tab, .down, .down)
      players.append(player)

      player = Player(.runs, size, [Samples.runs])
      for row in 0..<4 {
        if row > 0 { player.press(.down) }
        players.append(player)
        player.receiveCurves()
        players.append(player)
      }
      player.press(.tab)
      player.receiveCurves()
      players.append(player)
      player.press(.character("+"))
      player.receiveCurves()
      players.append(player)
      player.press(.character("h"))
      player.receiveCurves()
      players.append(player)
      player.press(.tab)
      players.append(player)
      player.press(.tab, .character("n"))
      players.append(player)
      player.type("x.yaml")
      player.press(.enter)
      players.append(player)
      player = Player(.runs, size, [Samples.runs])
      player.press(.down, .character("s"))
      players.append(player)
      player = Player(.runs, size, [Samples.runs])
      player.press(.down)
      player.receiveCurves()
      player.receive(Samples.corpora)
      player.press(.character("v"), .character("w"))
      players.append(player)
      players.append(Player(.runs, size, isReadOnly: true, [Samples.runs]))

      player = Player(.chat, size, [Samples.models, Samples.chats])
      for _ in 0..<5 {
        player.press(.tab)
        players.append(player)
      }
      player.press(.enter)
      players.append(player)
      player.type("問い")
      players.append(player)
      player.press(.enter)
      players.append(player)
      player.press(.tab)
      players.append(player)

      player = Player(.scores, size, [Samples.board])
      players.append(player)
      player.press(.enter)
      players.append(player)
      player.receive(Samples.samples)
      players.append(player)
      player.press(.enter)
      players.append(player)

      player = Player(.experiments, size, [Samples.experiments])
      for _ in 0..<5 {
        players.append(player)
        player.press(.down)
      }
      player.press(.up, .up, .enter)
      players.append(player)
    }
    return players
  }

  @Test func `a key that is offered does something, one that is dim says why not`() throws {
    for player in Self.situations {
      for hint in player.hints {
        let key = try #require(Self.keys[hint.key], "no key is called \(hint.key)")
        var pressed = player
        pressed.press(key)
        let place = "\(player.state.pane): \(hint.key) \(hint.label)\n\(player.frame)"
        if hint.isEnabled {
          let isChanged = pressed.frame != player.frame || !pressed.effects.isEmpty
          #expect(isChanged, "nothing happens in \(place)")
          #expect(pressed.state.notice == nil, "a notice comes in \(place)")
        } else {
          #expect(pressed.state.notice != nil, "no reason is given in \(place)")
        }
      }
    }
  }

  @Test func `the footer has the keys that work, and no others`() {
    for player in Self.situations where player.state.notice == nil {
      let row = player.frame.split(separator: "\n").last ?? ""
      for hint in player.hints {
        let text = "\(hint.key) \(hint.label)"
        let isThere = row.hasPrefix(text) || row.contains("  " + text + "  ")
        #expect(hint.isEnabled || !isThere, "\(player.state.pane): \(row)")
      }
      let first = player.hints.first(where: \.isEnabled)
      #expect(first.map { row.hasPrefix("\($0.key) \($0.label)") } ?? true, "\(row)")
    }
  }

  @Test func `a key stands for one thing at a time`() {
    for player in Self.situations {
      let keys = player.hints.map(\.key)
      #expect(Set(keys).count == keys.count, "\(player.state.pane) \(keys)")
    }
  }
}
