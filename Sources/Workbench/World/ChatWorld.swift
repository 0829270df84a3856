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
        if let text = drafts.takeOver() { outbox.post(.chat(.draft(text))) }
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
              hasTemplate: model.tokenizer.chatTemplate != nil))))
    } catch {
      outbox.post(.chat(.unloadable(reference: reference, problem: oneLine(error))))
    }
  }

  private func model(_ reference: String) throws -> LlamaLanguageModel {
    if let known = desk.withLock({ $0.model }), known.reference == reference { return known.model }
    // The old one goes first: two large models may not fit.
    desk.withLock { $0.model = nil }
    let model = try ModelReference(reference, in: workspace).load(context)
    desk.withLock { $0.model = (reference, model) }
    return model
  }

  // MARK: Answers

  private func answer(_ request: ChatRequest, _ stop: CancellationFlag) {
    defer { desk.withLock { $0.isAnswering = false } }
    var record = ConversationRecord(request, in: workspace)
    do {
      try record.begin()
      let model = try model(request.model)
      let prompt = try ChatPrompt(request, for: model)
      var options = GenerationOptions(maxTokens: request.settings.maxTokens)
      options.sampling = Self.sampling(request.settings)
      let generated = try generate(prompt.ids, options, request.answer, model, stop)
      let end = ChatEnd(
        answer: request.answer, text: generated.text, tokens: generated.ids.count,
        tokensPerSecond: generated.tokensPerSecond, reason: .init(generated.stopReason),
        droppedTurns: prompt.droppedTurns)
      outbox.post(.chat(.finished(record.end(end, options.sampling.seed))))
    } catch {
      outbox.post(.chat(.failed(answer: request.answer, problem: oneLine(error))))
    }
  }

  private static func sampling(_ settings: ChatSettings) -> Sampling {
    var sampling = Sampling()
    sampling.temperature = Float(settings.temperature) / 100
    if settings.topP < 100 { sampling.topP = Float(settings.topP) / 100 }
    // Kept with the answer, so that it can be had again.
    sampling.seed = UInt64(Timestamp.now().seconds * 1000) & 0xFFFF_FFFF
    return sampling
  }

  private func generate(
    _ ids: [Int32], _ options: GenerationOptions, _ answer: Int, _ model: LlamaLanguageModel,
    _ stop: CancellationFlag
  ) throws -> Generated {
    var decoder = model.tokenizer.makeStreamingDecoder()
    var count = 0
    var start = 0.0
    return try model.generate(ids, options, cancellation: stop) { id in
      let now = monotonicSeconds()
      if count == 0 { start = now }
      count += 1
      let piece = ChatPiece(
        answer: answer, text: decoder.append(id), tokens: count,
        tokensPerSecond: count > 1 ? Double(count - 1) / (now - start) : 0)
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
        .chat(.opened(StoredChat(id: id, model: conversation.model, turns: turns))))
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
