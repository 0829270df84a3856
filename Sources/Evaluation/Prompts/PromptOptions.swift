/// How the questions of a task become prompts.
public struct PromptOptions: Equatable, Sendable {
  /// The most shots that anybody may ask for.
  static let mostShots = 64

  /// Examples before the question, if they fit; llm-jp-eval's default is 4.
  public var shots: Int
  /// Whether the tokenizer's beginning-of-sequence id stands in front.
  ///
  /// llm-jp-eval leaves it out by default, but every model here was trained with it.
  public var beginsSequence: Bool

  public init(shots: Int = 4, beginsSequence: Bool = true) {
    self.shots = min(Self.mostShots, max(0, shots))
    self.beginsSequence = beginsSequence
  }
}
