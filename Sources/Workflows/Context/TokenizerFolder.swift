import Base

/// The tokenizer's files in a Hugging Face folder.
enum TokenizerFolder {
  /// The files of a Hugging Face tokenizer.
  static let fileNames = ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]

  /// Copies the Hugging Face files of a tokenizer into a model's folder.
  static func copyFiles(from source: Path, to target: Path) throws {
    for name in fileNames where Files.exists(source / name) {
      try Files.copy(source / name, to: target / name)
    }
  }
}
