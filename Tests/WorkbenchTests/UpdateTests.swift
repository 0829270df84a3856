import Generation
import Lab
import Terminal
import Testing
import Workflows

@testable import Workbench

/// Lists of events and what becomes of them.
@Suite("Updates") struct UpdateTests {
  @Test func `digits and gt lead to panes, in an input they are text`() {
    var player = Player(.runs)
    player.press(.character("4"))
    #expect(player.state.pane == .scores)
    player.press(.character("g"), .character("t"))
    #expect(player.state.pane == .experiments)
    player.press(.character("g"), .character("T"), .character("3"))
    player.receive(Samples.models)
    player.press(.enter)
    player.type("12q")
    #expect(player.state.pane == .chat)
    #expect(player.state.chat.input.text == "12q")
    player.press(.escape, .character("q"))
    #expect(player.effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test func `the selected run stays selected when others come`() {
    var player = Player(.runs, Player.small, [Samples.runs])
    player.press(.down)
    #expect(player.state.runs.selected == 6)
    guard case .runs(.list(var rows)) = Samples.runs else { return }
    rows.insert(
      RunRow(
        number: 9, slug: "new", state: .running, step: 1, loss: nil, spikes: 0,
        hasCheckpoint: false), at: 0)
    player.receive(.runs(.list(rows)))
    #expect(player.state.runs.selected == 6)
    #expect(player.state.runs.list.selection == 2)
    #expect(player.effects.isEmpty, "the same run is watched on")
  }

  @Test func `zooming asks for other columns, following ends and comes back`() {
    var player = Player(.runs, Player.small, [Samples.runs])
    player.press(.down)
    player.receiveCurves()
    player.press(.character("+"))
    #expect(player.state.runs.window == StepWindow(span: 320, end: nil))
    #expect(player.state.runs.watched?.window.span == 320)
    player.receiveCurves()
    player.press(.character("h"))
    #expect(!player.state.runs.window.isFollowing)
    player.receiveCurves()
    player.press(.character("l"))
    #expect(player.state.runs.window.isFollowing)
    player.press(.character("0"))
    #expect(player.state.runs.window == StepWindow())
  }

  @Test func `a window never leaves the run`() {
    for lastStep in [0, 1, 7, 8, 9, 100, 1234] {
      var window = StepWindow()
      for step in 0..<60 {
        switch step % 7 {
        case 0, 1: window.zoomIn(lastStep: lastStep)
        case 2: window.move(-1, lastStep: lastStep)
        case 3: window.zoomOut(lastStep: lastStep)
        case 4: window.show(lastStep / 2, lastStep: lastStep)
        case 5: window.move(1, lastStep: lastStep)
        default: window.zoomIn(lastStep: lastStep)
        }
        let range = window.range(lastStep: lastStep)
        #expect(range.lowerBound >= 0 && range.upperBound <= lastStep + 1 && !range.isEmpty)
      }
    }
  }

  @Test func `stopping a run asks first`() {
    var player = Player(.runs, Player.small, [Samples.runs])
    player.press(.down, .character("s"))
    #expect(player.effects.allSatisfy { if case .runs(.watch) = $0 { true } else { false } })
    player.press(.escape)
    #expect(player.state.runs.dialog == nil)
    player.press(.character("s"), .character("y"))
    #expect(
      player.effects.contains { if case .runs(.ask(.stop, of: 6)) = $0 { true } else { false } })
  }

  @Test func `a refused configuration keeps the question open`() {
    var player = Player(.runs)
    player.receive(.runs(.list([])))
    player.press(.character("n"))
    player.type("q1.yaml")
    player.press(.enter)
    #expect(
      player.effects.contains {
        if case .runs(.start(configuration: "q1.yaml")) = $0 { true } else { false }
      })
    player.receive(.runs(.refused("q1.yaml is missing: Check the path.")))
    #expect(player.frame.contains("q1.yaml is missing"))
    player.receive(.runs(.started(3)), Samples.runs)
    #expect(player.state.runs.dialog == nil)
  }

  @Test func `an answer streams in, Esc stops it, and what comes late is left out`() {
    var player = Player(.chat, Player.small, [Samples.models])
    player.press(.enter)
    player.receive(Samples.loaded)
    player.play([.paste("一行目\n二行目")])
    player.press(.altEnter)
    player.type("q")
    #expect(player.state.chat.input.text == "一行目\n二行目\nq")
    player.press(.enter)
    let sent = player.effects.compactMap { effect in
      if case .chat(.send(let request)) = effect { request } else { nil }
    }
    guard let request = sent.first else {
      Issue.record("nothing is sent")
      return
    }
    #expect(request.turns.map(\.text) == ["一行目\n二行目\nq"])
    #expect(!request.settings.continuesText)
    player.receive(
      .chat(.piece(ChatPiece(answer: 1, text: "はい", tokens: 2, tokensPerSecond: 20))),
      .chat(.piece(ChatPiece(answer: 0, text: "古い", tokens: 9, tokensPerSecond: 20))))
    #expect(player.frame.contains("はい") && !player.frame.contains("古い"))
    player.press(.escape)
    #expect(player.effects.contains { if case .chat(.stop) = $0 { true } else { false } })
    player.receive(
      .chat(
        .finished(
          ChatEnd(
            answer: 1, text: "はい", tokens: 2, tokensPerSecond: 20, reason: .stopped,
            droppedTurns: 0, conversation: "c1", problem: nil))))
    #expect(player.state.chat.answer == nil)
    #expect(player.state.chat.conversation == "c1")
    #expect(player.frame.contains("2 tokens, 20.0 tokens/s, stopped"))
    player.press(.control("c"))
    #expect(player.effects.isEmpty && player.state.chat.focus == .talk, "Ctrl+C leaves an input")
    player.press(.control("c"))
    #expect(player.effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test func `Ctrl+C leaves whatever takes letters`() {
    var player = Player(.corpus, Player.small, Samples.corpusMessages + [Samples.runs])
    player.press(.character("/"))
    player.type("鏡")
    player.press(.control("c"))
    #expect(player.state.corpus.query == nil && player.effects.isEmpty)
    player.press(.character("2"), .character("n"))
    #expect(player.state.runs.dialog != nil)
    player.press(.control("c"))
    #expect(player.state.runs.dialog == nil && player.effects.isEmpty)
  }

  @Test func `a document that comes after the user has moved on is left out`() {
    var player = Player(.corpus, Player.small, Samples.corpusMessages)
    player.press(.tab, .tab, .down, .down, .enter)
    player.press(.up)
    player.receive(Samples.document())
    #expect(player.state.corpus.document == nil)
    player.press(.down, .enter)
    player.receive(Samples.document())
    #expect(player.state.corpus.document != nil)
  }

  @Test func `samples of another category are left out`() {
    guard case .scores(.samples(var set)) = Samples.samples else { return }
    var player = Player(.scores, Player.small, [Samples.board])
    let shown = set.category
    set.category = shown == "EL" ? "FA" : "EL"
    player.press(.home, .enter)
    player.state.scores.asked = .init(model: set.model, category: shown)
    player.receive(.scores(.samples(set)))
    #expect(player.state.scores.samples == nil)
    player.receive(Samples.samples)
    #expect(player.state.scores.samples?.category == shown)
    player.press(.escape, .enter)
    let problem = "scores.jsonl cannot be read"
    player.receive(.scores(.unreadable(set.model, category: set.category, problem: problem)))
    #expect(player.state.scores.asked != nil, "what is told of another is left out")
    player.receive(.scores(.unreadable(set.model, category: shown, problem: problem)))
    #expect(player.state.scores.asked == nil && player.frame.contains("cannot be read"))
  }

  @Test func `settings of the command line reach the model`() {
    var sampling = Sampling()
    sampling.temperature = 0.333
    sampling.topP = 0.987
    sampling.topK = 40
    sampling.repetitionPenalty = 1.2
    sampling.seed = 9
    let given = ChatSession.Settings(
      options: GenerationOptions(maxTokens: 33, sampling: sampling), system: "短く答えよ")
    var settings = ChatSettings(given)
    #expect(settings.session == given)
    settings.change(.maxTokens, by: 1)
    #expect(settings.session.options.sampling == sampling)
    settings.change(.temperature, by: 1)
    settings.change(.topP, by: -1)
    #expect(settings.session.options.sampling.temperature == 0.43)
    #expect(settings.session.options.sampling.topP == 0.94)
  }

  @Test func `a stored question without an answer can be sent again`() {
    var player = Player(.chat, Player.small, [Samples.models])
    player.receive(
      .chat(
        .opened(
          StoredChat(
            id: "c1", model: "0007@240",
            turns: [
              ChatTurn(speaker: .user, text: "甲"), ChatTurn(speaker: .assistant, text: "乙"),
              ChatTurn(speaker: .user, text: "丙"),
            ]))))
    #expect(player.state.chat.turns.map(\.text) == ["甲", "乙"])
    #expect(player.state.chat.input.text == "丙")
  }

  @Test func `a failed answer gives the words back`() {
    var player = Player(.chat, Player.small, [Samples.models])
    player.press(.enter)
    player.type("問い")
    player.press(.enter)
    player.receive(
      .chat(.failed(answer: 1, conversation: "c1", problem: "the context is full: Begin anew.")))
    #expect(player.state.chat.input.text == "問い")
    #expect(player.state.chat.turns.isEmpty)
    #expect(player.state.chat.conversation == "c1", "where the question stands already")
    #expect(player.frame.contains("the context is full"))
  }

  @Test func `a pre-trained model continues text, a tuned one chats`() {
    var player = Player(.chat, Player.small, [Samples.models])
    player.press(.down, .enter)
    #expect(player.state.chat.settings.continuesText)
    player.receive(.chat(.choose("7")))
    #expect(player.state.chat.model?.reference == "0007@240")
    #expect(!player.state.chat.settings.continuesText)
  }

  @Test func `experiments lead to run, scores and chat`() {
    var player = Player(
      .experiments, Player.small,
      [Samples.experiments, Samples.runs, Samples.board, Samples.models])
    player.press(.down, .enter, .enter)
    #expect(player.state.pane == .runs && player.state.runs.selected == 7)
    player.press(.character("5"), .enter, .down, .enter)
    #expect(player.state.pane == .scores && player.state.scores.model?.name == "0007@240")
    player.press(.character("5"), .enter, .end, .enter)
    #expect(player.state.pane == .chat)
    #expect(player.state.chat.model?.reference == "0007@120")
  }

  @Test func `long lists are read page by page`() {
    var player = Player(.corpus, Player.small, Samples.corpusMessages)
    player.press(.tab, .tab, .end)
    let asked = player.effects.compactMap { effect -> Range<Int>? in
      if case .corpus(.documents(_, _, let range)) = effect { range } else { nil }
    }
    #expect(asked.count == 1)
    #expect(asked.last?.upperBound == 1_204)
    #expect(player.frame.contains("1,204 of 1,204"))
    player.press(.up)
    #expect(player.effects.isEmpty, "what was asked for is not asked for again")
  }

  @Test func `other messages leave an idle frame as it is`() {
    var player = Player(.runs, Player.small, [Samples.runs])
    player.receiveCurves()
    let before = player.frame
    player.receive(Samples.runs, Samples.models, Samples.board)
    player.receiveCurves()
    #expect(player.frame == before)
  }
}
