import Base
import Tokenizers
import Workflows

extension Commands {
  static let tokenizerEncode = Command(
    "tokenizer encode", "T [FILE]", "the ids and pieces of each line",
    options: [.flag("--special", "with the special tokens that the tokenizer puts around a text")],
    count: 1...2
  ) { invocation in
    let tokenizer = try openTokenizer(invocation)
    let lines = try TextLines(invocation.arguments.count > 1 ? invocation.arguments[1] : nil).lines
    let encoded = tokenizer.encode(
      batch: lines, addSpecial: invocation.has("--special"), pool: try invocation.context().pool)
    if invocation.json {
      Output.json([
        "lines": .array(
          encoded.map { ids in
            [
              "ids": .integers(ids),
              "pieces": .array(tokenizer.pieces(ids).map { JSON($0) }),
            ]
          })
      ])
    } else {
      var text = ""
      for ids in encoded { text += ids.map(String.init).joined(separator: " ") + "\n" }
      Output.write(text, to: 1)
    }
    return .done
  }

  /// The tokenizer that the first argument names.
  static func openTokenizer(_ invocation: Invocation) throws -> Tokenizer {
    try TokenizerReference(invocation.arguments[0], in: try invocation.workspaceIfAny()).load()
  }
}
