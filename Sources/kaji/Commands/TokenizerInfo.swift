import Base
import Tokenizers

extension Commands {
  static let tokenizerInfo = Command(
    "tokenizer info", "T", "what a tokenizer is made of", count: 1...1
  ) { invocation in
    let tokenizer = try openTokenizer(invocation)
    let special = tokenizer.special
    let roles = [
      ("bos", special.begin), ("eos", special.end), ("unk", special.unknown), ("pad", special.pad),
    ]
    let hasBytes = tokenizer.vocabulary.byteIDs() != nil
    if invocation.json {
      func tokens(_ ids: [Int32]) -> JSON { .integers(ids) }
      Output.json([
        "vocabulary_size": JSON(tokenizer.count),
        "special": .object(
          roles.map { name, id in
            (
              name,
              id.map { ["id": JSON(Int($0)), "piece": JSON(tokenizer.vocabulary.piece($0))] }
                ?? .null
            )
          }),
        "byte_fallback": JSON(hasBytes), "prefix": tokens(tokenizer.prefixIDs),
        "suffix": tokens(tokenizer.suffixIDs),
        "chat_template": JSON(tokenizer.chatTemplate != nil),
        "fingerprint": JSON(tokenizer.fingerprint),
      ])
      return .done
    }
    var rows = [["pieces", Format.count(tokenizer.count)]]
    for (name, id) in roles {
      rows.append([name, id.map { "\($0) \(tokenizer.vocabulary.piece($0))" } ?? "none"])
    }
    rows += [
      ["byte fallback", hasBytes ? "yes" : "no"],
      ["chat template", tokenizer.chatTemplate == nil ? "none: LLM-jp's is used" : "its own"],
      ["fingerprint", tokenizer.fingerprint],
    ]
    Output.table(rows, leftColumns: 2)
    return .done
  }
}
