import Base

/// The tokenizer's files in a Hugging Face folder.
enum TokenizerFolder {
  /// The files of a Hugging Face tokenizer.
  static let fileNames = [
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja",
  ]

  /// Copies the Hugging Face files of a tokenizer into a model's folder.
  ///
  /// A `.model` goes with them only where there is no tokenizer.json, which other programs prefer.
  static func copyFiles(from source: Path, to target: Path) throws {
    var names = fileNames
    if !Files.exists(source / "tokenizer.json") { names.append("tokenizer.model") }
    for name in names where Files.exists(source / name) {
      try Files.copy(source / name, to: target / name)
    }
  }
}
