import Base
import Formats
import Generation
import Lab
import Synchronization
import TestSupport
import Testing
import Tokenizers
import Workflows

/// Repeats the end of what it is asked, an id a byte; fails while it is told to.
private final class Echo: LanguageModel {
  let tokenizer: Tokenizer
  let contextLength = 64
  let isBroken = Mutex(false)
  /// Whether it leaves the last id out.
  let isCut = Mutex(false)
  let prompts = Mutex<[String]>([])

  init() throws {
    var file = SentencePieceModel()
    file.pieces = [
      .init("<unk>", kind: .unknown), .init("<s>", kind: .control), .init("</s>", kind: .control),
    ]
    for byte in 0...255 {
      file.pieces.append(.init(Vocabulary.bytePiece(UInt8(byte)), kind: .byte))
    }
    file.pieces.append(.init("\u{2581}", score: -1))
    file.trainer.byteFallback = true
    file.normalizer.addsDummyPrefix = false
    file.normalizer.removesExtraWhitespace = false
    tokenizer = try Tokenizer(file)
  }

  func score(_ sequences: [[Int32]]) throws -> [[Float]] { [] }

  func generate(
    _ prompts: [[Int32]], _ options: GenerationOptions, cancellation: CancellationFlag?,
    onToken: (_ prompt: Int, _ id: Int32) -> Void
  ) throws -> [Generated] {
    if isBroken.withLock({ $0 }) { throw Failure("the logits are not numbers", remedy: "") }
    self.prompts.withLock { $0 += prompts.map { tokenizer.decode($0) } }
    let ids = Array(prompts[0].suffix(4).dropLast(isCut.withLock { $0 } ? 1 : 0))
    for id in ids { onToken(0, id) }
    return [
      Generated(ids: ids, text: tokenizer.decode(ids), stopReason: .length, seconds: 0.1)
    ]
  }
}

@Suite("Chat session") struct ChatSessionTests {
  private static let settings = ChatSession.Settings(
    options: GenerationOptions(maxTokens: 16), continuesText: true)

  @Test func `question and answer are stored with what it takes to have them again`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      var session = ChatSession("m", Self.settings, storedIn: workspace)
      var heard = ""
      var counts: [Int] = []
      let answer = try session.ask("abcdefgh", try Echo()) { text, tokens in
        heard += text
        counts.append(tokens)
      }
      #expect(answer.generated.text == "efgh" && heard == "efgh" && answer.problem == nil)
      #expect(counts == [1, 2, 3, 4])
      let stored = try Chats(workspace).read(try #require(session.stored))
      #expect(stored.messages.map(\.content) == ["abcdefgh", "efgh"])
      #expect(stored.title == "abcdefgh" && stored.model == "m")
      #expect(stored.messages[1].details["seed"]?.int == 0)
      #expect(stored.messages[1].details["max_tokens"]?.int == 16)
    }
  }

  @Test func `a question whose answer failed is stored once`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      let model = try Echo()
      model.isBroken.withLock { $0 = true }
      var session = ChatSession("m", Self.settings, storedIn: workspace)
      #expect(throws: Failure.self) { try session.ask("abcd", model) }
      #expect(session.messages.isEmpty)
      model.isBroken.withLock { $0 = false }
      // The pane asks again with a session of its own that goes on where this one was stored.
      let id = try #require(session.stored)
      var next = ChatSession("m", Self.settings, storedIn: workspace, goingOn: id)
      _ = try next.ask("abcd", model)
      let chats = try Chats(workspace).list()
      #expect(chats.map { $0.messages.map(\.content) } == [["abcd", "abcd"]])
    }
  }

  @Test func `a question changed after its answer failed takes the place of the first`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      let model = try Echo()
      var settings = Self.settings
      for system in ["", "短く"] {
        settings.system = system
        // The session itself asks again, and another that goes on where it was stored.
        for isSame in [true, false] {
          model.isBroken.withLock { $0 = true }
          var session = ChatSession("m", settings, storedIn: workspace)
          #expect(throws: Failure.self) { try session.ask("abcd", model) }
          let id = try #require(session.stored)
          model.isBroken.withLock { $0 = false }
          if !isSame { session = ChatSession("m", settings, storedIn: workspace, goingOn: id) }
          _ = try session.ask("wxyz", model)
          let chat = try Chats(workspace).read(id)
          let head = system.isEmpty ? [] : ["system"]
          #expect(chat.thread().map(\.role) == head + ["user", "assistant"])
          #expect(chat.thread().suffix(2).map(\.content) == ["wxyz", "wxyz"])
          #expect(chat.messages.map(\.content).contains("abcd"), "what was stored stays")
        }
      }
    }
  }

  @Test func `text that ends within a character is of as many tokens as were written`() throws {
    let model = try Echo()
    model.isCut.withLock { $0 = true }
    var session = ChatSession("m", Self.settings, storedIn: nil)
    var pieces: [String] = []
    var counts: [Int] = []
    let answer = try session.ask("b\u{3042}", model) { text, tokens in
      pieces.append(text)
      counts.append(tokens)
    }
    #expect(pieces.joined() == answer.generated.text && pieces.last?.last == "\u{FFFD}")
    #expect(counts == [1, 2, 3, 3])
  }

  @Test func `a question that is too long is neither stored nor asked`() throws {
    try withTemporaryFolder { folder in
      let workspace = try Workspace.create(at: folder)
      var settings = Self.settings
      settings.continuesText = false
      settings.system = String(repeating: "x", count: 80)
      var session = ChatSession("m", settings, storedIn: workspace)
      #expect(throws: (any Error).self) { try session.ask("abcd", try Echo()) }
      #expect(try Chats(workspace).list().isEmpty && session.stored == nil)
    }
  }

  @Test func `the end of a long text is what a model sees that continues it`() throws {
    let model = try Echo()
    var session = ChatSession("m", Self.settings, storedIn: nil)
    _ = try session.ask(String(repeating: "a", count: 100) + "bcde", model)
    let prompt = model.prompts.withLock { $0[0] }
    // 64 ids of context, of which 16 are for the answer.
    let kept = 48 - model.tokenizer.prefixIDs.count
    #expect(prompt == String(repeating: "a", count: kept - 4) + "bcde")
    #expect(session.stored == nil)
  }
}
