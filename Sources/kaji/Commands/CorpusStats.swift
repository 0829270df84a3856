import Base
import Corpus
import Lab

extension Commands {
  static let corpusStats = Command(
    "corpus stats", "NAME[@VERSION]", "documents, characters and tokens of each subset",
    options: [.value("--tokenizer", "T", "whose tokens to count, as NAME@VERSION")], count: 1...1
  ) { invocation in
    let version = try openCorpus(invocation)
    let tokenizations = try version.tokenizations()
    var tokenizer = tokenizations.last
    if let wanted = invocation.value("--tokenizer") {
      tokenizer = tokenizations.last { $0 == wanted || $0.hasPrefix(wanted + "@") }
      guard tokenizer != nil else {
        throw Failure(
          "\(version.name)@\(versionName(version.version)) is not tokenised with "
            + Sanitiser.visible(wanted),
          remedy: "Run 'kaji corpus tokenize \(version.name) --tokenizer NAME' first.")
      }
    }
    let subsets = try version.statistics(tokenizer: tokenizer)
    if invocation.json {
      Output.json([
        "name": JSON(version.name), "version": JSON(versionName(version.version)),
        "tokenizer": tokenizer.map { JSON($0) } ?? .null,
        "subsets": .array(
          subsets.map { subset in
            [
              "name": JSON(subset.name), "language": JSON(subset.language),
              "level": JSON(subset.level.rawValue), "documents": JSON(subset.documents),
              "characters": JSON(subset.characters),
              "tokens": subset.tokens.map { JSON($0) } ?? .null,
            ]
          }),
      ])
      return .done
    }
    func total(_ count: (SubsetStatistics) -> Int) -> String {
      Format.count(subsets.reduce(0) { $0 + count($1) })
    }
    Output.table(
      [["SUBSET", "LANGUAGE", "LEVEL", "DOCUMENTS", "CHARACTERS", "TOKENS"]]
        + subsets.map { subset in
          [
            subset.name, subset.language, subset.level.rawValue, Format.count(subset.documents),
            Format.count(subset.characters), subset.tokens.map(Format.count) ?? "-",
          ]
        }
        + [
          [
            "total", "", "", total(\.documents), total(\.characters),
            tokenizer == nil ? "-" : total { $0.tokens ?? 0 },
          ]
        ], leftColumns: 3)
    return .done
  }

  /// The version that the first argument names.
  static func openCorpus(_ invocation: Invocation) throws -> CorpusVersion {
    try CorpusVersion(invocation.arguments[0], workspace: try invocation.workspace().root)
  }
}
