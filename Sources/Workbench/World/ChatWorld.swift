import Base
import Generation
import Lab
import Models
import Synchronization
import Terminal
import Tokenizers
import Workflows

/// What the Chat pane asks of the world: models in memory, answers, stored conversations.
final class ChatWorld: Sendable {
  private let workspace: Workspace?
  private let context: WorkContext
  private let outbox: Outbox
  private let worker = Worker()
  /// Where unsent words are kept; `nil` where nothing is stored.
  private let drafts: Drafts?
  private let desk = Mutex(Desk())

  private struct Desk {
    /// The model in memory: one at a time.
    var model: (reference: String, model: LlamaLanguageModel)?
    /// Stops the answer that is written or waits.
    var stop: CancellationFlag?
    var isAnswering = false
  }

  init(workspace: Workspace?, context: WorkContext, outbox: Outbox) {
    self.workspace = workspace
    self.context = context
    self.outbox = outbox
    drafts = workspace.flatMap { $0.isWritable ? Drafts($0) : nil }
    if let drafts {
      worker.enqueue {
        if let text = drafts.takeOver() { outbox.post(.chat(.draft(text)), replacing: "draft") }
      }
    }
  }

  func perform(_ effect: ChatPane.Effect) {
    switch effect {
    case .load(let reference): worker.enqueue { [self] in load(reference) }
    case .send(let request):
      let stop = CancellationFlag()
      desk.withLock { desk in
        desk.stop = stop
        desk.isAnswering = true
      }
      worker.enqueue { [self] in answer(request, stop) }
    case .stop: desk.withLock { $0.stop?.cancel() }
    case .keep(let draft): drafts?.keep(draft)
    case .open(let id): worker.enqueue { [self] in open(id) }
    case .notice: break
    }
  }

  /// Writes down what is typed and not sent, if it has changed; called once a second.
  func refresh() {
    do { try drafts?.write() } catch { outbox.tell(error) }
  }

  /// Ends the answer that is being written, and waits until it is stored.
  func finish(within seconds: Double = 1) {
    // A full disk loses the words, but must not keep anybody from leaving.
    try? drafts?.write()
    let end = monotonicSeconds() + seconds
    desk.withLock { $0.stop?.cancel() }
    while desk.withLock({ $0.isAnswering }), monotonicSeconds() < end { sleep(seconds: 0.01) }
  }

  // MARK: Models

  private func load(_ reference: String) {
    do {
      let model = try model(reference)
      outbox.post(
        .chat(
          .loaded(
            LoadedModel(
              reference: reference, contextLength: model.contextLength,
              parameters: model.config.parameterCount,
              hasTemplate: model.tokenizer.chatTemplate != nil))), replacing: "loaded")
    } catch {
      outbox.post(
        .chat(.unloadable(reference: reference, problem: oneLine(error))), replacing: "loaded")
    }
  }

  private func model(_ reference: String) throws -> LlamaLanguageModel {
    if let known = desk.withLock({ $0.model }), known.reference == reference { return known.model }
    // The old one goes first: two large models may not fit.
    desk.withLock { $0.model = nil }
    let found = try ModelReference(reference, in: workspace)
    if !found.warnings.isEmpty {
      let warnings = found.warnings.joined(separator: "; ")
      outbox.post(.notice(warnings, isError: true), replacing: "warning")
    }
    let model = try found.load(context)
    desk.withLock { $0.model = (reference, model) }
    return model
  }

  // MARK: Answers

  private func answer(_ request: ChatRequest, _ stop: CancellationFlag) {
    defer { desk.withLock { $0.isAnswering = false } }
    var session = ChatSession(
      request.model, request.settings.session,
      messages: request.turns.dropLast().map {
        ChatSession.Message(role: $0.speaker.rawValue, content: $0.text)
      }, storedIn: workspace, goingOn: request.conversation)
    do {
      let model = try model(request.model)
      let question = request.turns.last?.text ?? ""
      let answer = try session.ask(
        question, model, cancellation: stop, onText: teller(of: request.answer))
      let generated = answer.generated
      let end = ChatEnd(
        answer: request.answer, text: generated.text, tokens: generated.ids.count,
        tokensPerSecond: generated.tokensPerSecond, reason: .init(generated.stopReason),
        droppedTurns: answer.forgotten, conversation: session.stored, problem: answer.problem)
      outbox.post(.chat(.finished(end)), replacing: "end")
    } catch {
      let failure = ChatPane.Message.failed(
        answer: request.answer, conversation: session.stored, problem: oneLine(error))
      outbox.post(.chat(failure), replacing: "end")
    }
  }

  /// What posts an answer as it comes.
  private func teller(of answer: Int) -> (String, Int) -> Void {
    var start: Double?
    return { [outbox] text, count in
      let now = monotonicSeconds()
      let first = start ?? now
      start = first
      let piece = ChatPiece(
        answer: answer, text: text, tokens: count,
        tokensPerSecond: count > 1 ? Double(count - 1) / (now - first) : 0)
      outbox.mailbox.post(.chat(.piece(piece)), key: "piece \(answer)", merging: Self.joined)
    }
  }

  /// Two pieces that wait are one message.
  private static func joined(
    _ waiting: WorkbenchMessage, _ new: WorkbenchMessage
  ) -> WorkbenchMessage {
    guard case .chat(.piece(let first)) = waiting, case .chat(.piece(var second)) = new else {
      return new
    }
    second.text = first.text + second.text
    return .chat(.piece(second))
  }

  // MARK: Stored conversations

  private func open(_ id: String) {
    guard let workspace else { return }
    do {
      let conversation = try Chats(workspace).read(id)
      let turns = conversation.thread().compactMap { message -> ChatTurn? in
        guard let speaker = ChatTurn.Speaker(rawValue: message.role) else { return nil }
        let model = message.details["model"]?.string ?? ""
        return ChatTurn(
          speaker: speaker, text: message.content,
          note: speaker == .assistant && !model.isEmpty ? "by \(model)" : "")
      }
      outbox.post(
        .chat(.opened(StoredChat(id: id, model: conversation.model, turns: turns))),
        replacing: "opened")
    } catch {
      outbox.tell(error)
    }
  }
}

extension ChatEnd.Reason {
  init(_ reason: StopReason) {
    switch reason {
    case .eos, .stop: self = .endOfText
    case .length: self = .length
    case .cancelled: self = .stopped
    }
  }
}
