internal import Tokenizers

/// A question ready for a model.
struct PreparedPrompt {
  let text: String
  let ids: [Int32]
  /// The shots that fitted.
  let shots: Int
  /// Whether there is room in the context for at least one token of an answer.
  let fits: Bool

  /// Builds the prompt of a question with as many of the wanted shots as leave room for the answer.
  ///
  /// The last shots go first. Without any the answer gets what room is left.
  init(
    _ input: String, of task: EvaluationTask, _ options: PromptOptions, tokenizer: Tokenizer,
    contextLength: Int
  ) {
    var shots = min(options.shots, task.shots.count)
    while true {
      let text = Prompt.text(
        instruction: task.instruction, shots: task.shots.prefix(shots), input: input)
      // What a task says is text, never a special token.
      let body = tokenizer.encode(text, addSpecial: false, parseSpecial: false)
      let ids = options.beginsSequence ? tokenizer.prefixIDs + body : body
      if shots == 0 || ids.count + task.outputLength <= contextLength {
        self.text = text
        self.ids = ids
        self.shots = shots
        fits = ids.count < contextLength
        return
      }
      shots -= 1
    }
  }
}
