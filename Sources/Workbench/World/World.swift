import Base
import Lab
import Terminal
import Workflows

/// What is outside of the loop: files, models and processes. It does what panes ask for and posts what comes
/// of it; nothing here runs on the loop's thread for longer than it takes to hand the work on.
final class World: Sendable {
  private let corpus: CorpusWorld?
  private let runs: RunsWorld?
  private let scores: ScoresWorld?
  private let chat: ChatWorld
  private let ticker: Ticker?

  /// Opens the workspace's index and begins to watch; without a workspace there is only the chat.
  ///
  /// - Throws: `Failure` if the index cannot be opened.
  init(
    workspace: Workspace?, context: WorkContext, mailbox: Mailbox<WorkbenchMessage>,
    watchEvery seconds: Double = 1
  ) throws {
    let outbox = Outbox(mailbox: mailbox)
    chat = ChatWorld(workspace: workspace, context: context, outbox: outbox)
    guard let workspace else {
      (corpus, runs, scores, ticker) = (nil, nil, nil, nil)
      return
    }
    let corpus = CorpusWorld(workspace: workspace, outbox: outbox)
    let runs = RunsWorld(workspace: workspace, context: context, outbox: outbox)
    let lists = ListsWorld(
      workspace: workspace, index: try Index(workspace), outbox: outbox)
    self.corpus = corpus
    self.runs = runs
    scores = ScoresWorld(workspace: workspace, outbox: outbox)
    let look: @Sendable () -> Void = { [chat] in
      chat.refresh()
      lists.refresh()
      runs.refresh()
      corpus.refresh()
    }
    look()
    ticker = try Ticker(every: seconds, look)
  }

  /// Starts what an effect asks for.
  func perform(_ effect: WorkbenchEffect) -> Order {
    switch effect {
    case .corpus(let effect): corpus?.perform(effect)
    case .runs(let effect): runs?.perform(effect)
    case .scores(let effect): scores?.perform(effect)
    case .chat(let effect): chat.perform(effect)
    case .experiments, .show: break
    case .quit: return .quit
    case .suspend: return .suspend
    case .redraw: return .redraw
    case .bell: return .bell
    }
    return .proceed
  }

  /// Ends the answer that is being written and waits, a second at most, until it is stored.
  func finish() { chat.finish() }
}
