public import Base
import Formats
public import Tokenizers

/// Settings of tokenizer training in a file, under SentencePiece's names.
public enum TokenizerConfiguration {
  /// Reads a YAML file; what it does not say keeps its default.
  ///
  /// - Throws: `Failure` naming file, line and key.
  public static func settings(_ path: Path) throws -> UnigramSettings {
    let document = try YAML.read(path)
    var fields = try Fields(document.root, file: path.string) { document.line(of: $0) }
    var settings = UnigramSettings()
    settings.vocabularySize = try fields.int(
      "vocab_size", in: 4...4_000_000, default: settings.vocabularySize)
    settings.characterCoverage = try fields.double(
      "character_coverage", in: 0.9...1, default: settings.characterCoverage)
    settings.requiredCharacters = try fields.string(
      "required_chars", default: settings.requiredCharacters)
    settings.seedSize = try fields.int(
      "seed_sentencepiece_size", in: 1000...10_000_000, default: settings.seedSize)
    settings.shrinkingFactor = try fields.double(
      "shrinking_factor", in: 0.5...0.95, default: settings.shrinkingFactor)
    settings.subIterations = try fields.int(
      "num_sub_iterations", in: 1...10, default: settings.subIterations)
    settings.maximumPieceLength = try fields.int(
      "max_sentencepiece_length", in: 1...512, default: settings.maximumPieceLength)
    settings.maximumSentenceBytes = try fields.int(
      "max_sentence_length", in: 64...1 << 20, default: settings.maximumSentenceBytes)
    settings.splitByScript = try fields.bool(
      "split_by_unicode_script", default: settings.splitByScript)
    settings.splitByWhitespace = try fields.bool(
      "split_by_whitespace", default: settings.splitByWhitespace)
    settings.splitByNumber = try fields.bool("split_by_number", default: settings.splitByNumber)
    settings.splitDigits = try fields.bool("split_digits", default: settings.splitDigits)
    settings.allowWhitespaceOnlyPieces = try fields.bool(
      "allow_whitespace_only_pieces", default: settings.allowWhitespaceOnlyPieces)
    settings.byteFallback = try fields.bool("byte_fallback", default: settings.byteFallback)
    settings.addDummyPrefix = try fields.bool("add_dummy_prefix", default: settings.addDummyPrefix)
    settings.userDefinedSymbols = try fields.strings(
      "user_defined_symbols", default: settings.userDefinedSymbols)
    settings.controlSymbols = try fields.strings(
      "control_symbols", default: settings.controlSymbols)
    try fields.finish()
    return settings
  }
}
