import Generation
import Lab
import Terminal
import Workflows

extension ChatPane {
  struct State: PaneState {
    enum Box: Sendable { case models, chats, talk, settings, input }

    var size = Size(width: 80, height: 22)
    /// Whether conversations are written to the workspace.
    var isStored = true
    var focus = Box.models
    /// `nil` until the workspace was read.
    var models: [ChatModel]?
    var modelList = ListState()
    /// What the selection stands on; kept when the list changes.
    var pointed: String?
    var chats: [ChatSummary] = []
    var chatList = ListState()
    /// The model that answers.
    var model: ChatModel?
    /// What the world says of it, once it is in memory.
    var loaded: LoadedModel?
    var turns: [ChatTurn] = []
    /// The stored conversation that goes on.
    var conversation: String?
    /// The answer being written.
    var answer: ChatAnswer?
    /// Numbers answers, so that what comes late from one is told apart from another's.
    var answers = 0
    var transcript = Transcript()
    var scroll = ScrollState()
    /// Whether the newest line stays in view.
    var isFollowing = true
    var settings = ChatSettings()
    var field = ChatSettings.Field.temperature
    /// The system prompt, while it is being written.
    var system: TextInput?
    var input = TextInput(isMultiline: true)
    /// What of it the world was told to keep.
    var keptDraft = ""

    /// The boxes Tab goes through.
    var boxes: [Box] { [.models, .chats, .talk, .settings, .input] }
  }
}

/// A model one can talk with.
struct ChatModel: Sendable, Equatable {
  /// As the command line names it: `0004@1000`, or a folder's name.
  var reference: String
  var experiment: Int?
  /// The experiment's slug; empty for imported models.
  var slug = ""
  var kind: ExperimentKind?
}

/// What is known of a model in memory.
struct LoadedModel: Sendable, Equatable {
  var reference: String
  var contextLength: Int
  var parameters: Int
  var hasTemplate: Bool
}

/// A conversation in the list.
struct ChatSummary: Sendable, Equatable {
  var id: String
  var title: String
  var model: String
  var created: String
}

/// What one side said.
struct ChatTurn: Sendable, Equatable {
  enum Speaker: String, Sendable { case system, user, assistant }

  var speaker: Speaker
  var text: String
  /// Of an answer: which model, how many tokens, how fast, why it ended.
  var note = ""
}

/// An answer while it is being written.
struct ChatAnswer: Sendable, Equatable {
  var id: Int
  var text = ""
  var tokens = 0
  var tokensPerSecond = 0.0
  var isStopping = false
}

/// How the model writes.
struct ChatSettings: Sendable, Equatable {
  enum Field: Int, Sendable, CaseIterable { case temperature, topP, maxTokens, mode, system }

  /// As given, until the user changes it; so is `topP`.
  var temperature: Float = 0.7
  /// 1 is off.
  var topP: Float = 0.95
  var maxTokens = 128
  /// Whether the model goes on from the bare text, as one that was never tuned has to.
  var continuesText = false
  var system = ""
  /// What the pane has no field for: top-k, min-p, penalty.
  private var sampling = Sampling()
  /// Of the draws; `nil`: another one for each answer.
  private var seed: UInt64?

  init() {}

  /// Those of a command line.
  init(_ settings: ChatSession.Settings) {
    sampling = settings.options.sampling
    seed = settings.drawsAnew ? nil : sampling.seed
    temperature = sampling.temperature
    topP = sampling.topP ?? 1
    maxTokens = settings.options.maxTokens
    continuesText = settings.continuesText
    system = settings.system
  }

  /// As the world takes them.
  var session: ChatSession.Settings {
    var sampling = sampling
    sampling.temperature = temperature
    sampling.topP = topP < 1 ? topP : nil
    if let seed { sampling.seed = seed }
    return ChatSession.Settings(
      options: GenerationOptions(maxTokens: maxTokens, sampling: sampling), system: system,
      continuesText: continuesText, drawsAnew: seed == nil)
  }

  /// Changes a field by one step; the fields without steps switch over.
  mutating func change(_ field: Field, by step: Int) {
    switch field {
    case .temperature: temperature = Self.stepped(temperature, by: 10 * step, in: 0...200)
    case .topP: topP = Self.stepped(topP, by: 5 * step, in: 5...100)
    case .maxTokens:
      maxTokens = min(4096, max(8, step > 0 ? maxTokens * 2 : maxTokens / 2))
    case .mode: continuesText.toggle()
    case .system: break
    }
  }

  /// A step in hundredths, which add up exactly.
  private static func stepped(_ value: Float, by step: Int, in range: ClosedRange<Int>) -> Float {
    let hundredths = Int((min(value, 100) * 100).rounded()) + step
    return Float(min(range.upperBound, max(range.lowerBound, hundredths))) / 100
  }
}

/// What the world is asked to answer.
struct ChatRequest: Sendable, Equatable {
  var answer: Int
  var model: String
  /// The user's newest words last.
  var turns: [ChatTurn]
  var settings: ChatSettings
  /// The stored conversation to go on with.
  var conversation: String?
}

/// More of an answer.
struct ChatPiece: Sendable, Equatable {
  var answer: Int
  var text: String
  /// New tokens so far, and how fast they came.
  var tokens: Int
  var tokensPerSecond: Double
}

/// The end of an answer.
struct ChatEnd: Sendable, Equatable {
  enum Reason: String, Sendable {
    case endOfText = "end of text"
    case length = "length limit"
    case stopped
  }

  var answer: Int
  var text: String
  var tokens: Int
  var tokensPerSecond: Double
  var reason: Reason
  /// Turns that were left out because the context had no room for them.
  var droppedTurns: Int
  /// The conversation it was stored in; `nil`: in none.
  var conversation: String?
  /// Why it could not be stored.
  var problem: String?
}

/// A conversation read back.
struct StoredChat: Sendable, Equatable {
  var id: String
  var model: String
  var turns: [ChatTurn]
}
