/// The sentences that LLM-jp's prompts begin with, byte for byte; the chat template's default is the plain one.
public enum InstructionHeader {
  /// Before an instruction alone.
  public static let plain = "以下は、タスクを説明する指示です。要求を適切に満たす応答を書きなさい。"
  /// Before an instruction with an input of its own, as evaluation tasks have.
  public static let withInput =
    "以下は、タスクを説明する指示と、文脈のある入力の組み合わせです。要求を適切に満たす応答を書きなさい。"
}
