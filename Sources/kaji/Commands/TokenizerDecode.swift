import Base
import Tokenizers

extension Commands {
  static let tokenizerDecode = Command(
    "tokenizer decode", "T [FILE]", "the text of each line of ids",
    options: [.flag("--special", "shows special tokens by their names")], count: 1...2
  ) { invocation in
    let tokenizer = try openTokenizer(invocation)
    let input = try TextLines(invocation.arguments.count > 1 ? invocation.arguments[1] : nil)
    let texts = try input.lines.enumerated().map { index, line in
      let ids = try line.split { " \t\r,[]".contains($0) }.map { word in
        guard let id = Int32(word), id >= 0, Int(id) < tokenizer.count else {
          throw Failure(
            "\(input.place(index)): '\(Sanitiser.visible(String(word.prefix(40))))' is no id",
            remedy: "Give ids from 0 to \(tokenizer.count - 1), with spaces between.")
        }
        return id
      }
      return tokenizer.decode(ids, skipSpecial: !invocation.has("--special"))
    }
    if invocation.json {
      Output.json(["lines": .array(texts.map { ["text": JSON($0)] })])
    } else {
      Output.untrusted(texts.map { $0 + "\n" }.joined())
    }
    return .done
  }
}
