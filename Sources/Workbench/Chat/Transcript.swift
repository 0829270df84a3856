import Terminal

/// The conversation as wrapped lines, so that a frame only reads the visible ones.
struct Transcript: Sendable, Equatable {
  struct Line: Sendable, Equatable {
    var text: String
    var role: Role
  }

  /// The lines of the turns that are complete.
  private var turns: [Line] = []
  /// The answer that grows.
  private var answer: WrappedText?
  private var answerHead: [Line] = []
  private(set) var columns = 1

  init() {}

  init(_ turns: [ChatTurn], model: String, columns: Int) {
    self.columns = max(1, columns)
    for turn in turns { add(turn, model: model) }
  }

  /// The line at a place below ``count``.
  subscript(place: Int) -> Line {
    if place < turns.count { return turns[place] }
    let rest = place - turns.count
    if rest < answerHead.count { return answerHead[rest] }
    return Line(text: answer?.lines[rest - answerHead.count] ?? "", role: "ui.text")
  }

  var count: Int { turns.count + (answer.map { answerHead.count + $0.lines.count } ?? 0) }

  /// Adds a complete turn.
  mutating func add(_ turn: ChatTurn, model: String) {
    if !turns.isEmpty { turns.append(Line(text: "", role: "ui.text")) }
    turns.append(Self.head(turn.speaker, model))
    turns += TextWrap.lines(of: turn.text, columns: columns).map {
      Line(text: String($0), role: "ui.text")
    }
    if !turn.note.isEmpty { turns.append(Line(text: turn.note, role: "chat.meta")) }
  }

  /// Begins an answer that grows, with what there is of it.
  mutating func beginAnswer(_ text: String, model: String) {
    answerHead =
      (turns.isEmpty ? [] : [Line(text: "", role: "ui.text")]) + [Self.head(.assistant, model)]
    answer = WrappedText(text, columns: columns)
  }

  /// Adds to the answer.
  mutating func append(_ text: String) { answer?.append(text) }

  /// Takes the growing answer away; its turn comes by ``add(_:model:)``.
  mutating func endAnswer() {
    answer = nil
    answerHead = []
  }

  private static func head(_ speaker: ChatTurn.Speaker, _ model: String) -> Line {
    switch speaker {
    case .system: Line(text: "System", role: "chat.system")
    case .user: Line(text: "You", role: "chat.user")
    case .assistant: Line(text: model, role: "chat.assistant")
    }
  }
}
