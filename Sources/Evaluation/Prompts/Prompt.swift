import Tokenizers

/// The text that a model is given, byte for byte as llm-jp-eval writes it.
public enum Prompt {
  /// Instruction, shots, and the question with an open answer.
  public static func text(instruction: String, shots: some Sequence<Example>, input: String)
    -> String
  {
    var text = header + instruction
    for shot in shots { text += block(shot.input) + shot.output }
    return text + block(input)
  }

  /// What every prompt begins with.
  static let header = "\(InstructionHeader.withInput)\n\n### 指示:\n"

  private static func block(_ input: String) -> String {
    "\n\n### 入力:\n\(input)\n\n### 応答:\n"
  }
}
