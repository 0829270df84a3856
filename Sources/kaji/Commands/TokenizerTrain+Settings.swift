import Base
import Tokenizers
import Workflows

extension Commands {
  /// Settings of a training, each a word of the command line.
  static let unigramOptions: [Option] = [
    .value("--character-coverage", "X", "share of the characters that become pieces"),
    .value("--max-piece-length", "N", "characters of the longest piece"),
    .value("--max-sentence-length", "N", "bytes; longer stretches are cut"),
    .value("--seed-size", "N", "pieces to begin with, at most"),
    .value("--shrinking-factor", "X", "pieces left after each pruning"),
    .value("--sub-iterations", "N", "rounds of estimation between two prunings"),
    .value("--required-chars", "TEXT", "characters that become pieces however rare"),
    .value("--user-defined", "TEXT...", "texts that always are one piece", .list),
    .value("--control", "TEXT...", "pieces that text never matches", .list),
    .value("--split-digits", "true|false", "every digit a piece of its own"),
    .value("--split-by-script", "true|false", "no piece crosses scripts"),
    .value("--split-by-whitespace", "true|false", "a space begins a new piece"),
    .value("--split-by-number", "true|false", "digits are a script of their own"),
    .value("--whitespace-only", "true|false", "several spaces may be one piece"),
    .value("--byte-fallback", "true|false", "characters without a piece are spelt in bytes"),
    .value("--dummy-prefix", "true|false", "a mark goes before every text"),
  ]

  /// Lays the settings of the command line over those of the configuration file.
  ///
  /// - Throws: `UsageError` naming the option.
  static func apply(_ invocation: Invocation, to settings: inout UnigramSettings) throws {
    func take<Value>(_ value: Value?, _ field: WritableKeyPath<UnigramSettings, Value>) {
      if let value { settings[keyPath: field] = value }
    }
    func takeSwitch(_ name: String, _ field: WritableKeyPath<UnigramSettings, Bool>) throws {
      take(try invocation.choice(name, of: [true, false], named: \.description), field)
    }
    take(try invocation.double("--character-coverage", in: 0.9...1), \.characterCoverage)
    take(try invocation.int("--max-piece-length", in: 1...512), \.maximumPieceLength)
    take(try invocation.int("--max-sentence-length", in: 64...1 << 20), \.maximumSentenceBytes)
    take(try invocation.int("--seed-size", in: 1000...10_000_000), \.seedSize)
    take(try invocation.double("--shrinking-factor", in: 0.5...0.95), \.shrinkingFactor)
    take(try invocation.int("--sub-iterations", in: 1...10), \.subIterations)
    take(invocation.value("--required-chars"), \.requiredCharacters)
    if invocation.has("--user-defined") {
      settings.userDefinedSymbols = invocation.values("--user-defined")
    }
    if invocation.has("--control") { settings.controlSymbols = invocation.values("--control") }
    try takeSwitch("--split-digits", \.splitDigits)
    try takeSwitch("--split-by-script", \.splitByScript)
    try takeSwitch("--split-by-whitespace", \.splitByWhitespace)
    try takeSwitch("--split-by-number", \.splitByNumber)
    try takeSwitch("--whitespace-only", \.allowWhitespaceOnlyPieces)
    try takeSwitch("--byte-fallback", \.byteFallback)
    try takeSwitch("--dummy-prefix", \.addDummyPrefix)
  }
}
