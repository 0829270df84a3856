public import Base
import Formats

extension Tokenizer {
  /// Reads a tokenizer from a `.model`, a `tokenizer.json`, a folder with either, or a GGUF file.
  ///
  /// In a folder `tokenizer.json` goes first, because it is what other programs that open the folder
  /// use; `tokenizer_config.json` beside it names the begin and end tokens and the chat template.
  ///
  /// - Throws: `Failure` naming the file and what is wrong with it.
  public static func load(_ path: Path) throws -> Tokenizer {
    if Files.isDirectory(path) { return try loadFolder(path) }
    guard Files.exists(path) else {
      throw Failure(
        "there is no tokenizer at \(path)", remedy: "give a .model, a tokenizer.json or a folder")
    }
    switch path.fileExtension {
    case "json": return try loadJSON(path)
    case "model": return try loadModel(path)
    case "gguf": return try GGUFTokenizer(GGUFFile(path)).tokenizer()
    default:
      throw Failure(
        "\(path) is no tokenizer by its name", remedy: "give a .model, a tokenizer.json or a folder"
      )
    }
  }

  private static func loadFolder(_ folder: Path) throws -> Tokenizer {
    let json = folder / "tokenizer.json"
    if Files.exists(json) { return try loadJSON(json) }
    let models = try Files.list(folder).filter { $0.hasSuffix(".model") }
    guard models.count == 1 else {
      throw Failure(
        "\(folder) has no tokenizer.json and \(models.count) .model files",
        remedy: "name the file of the tokenizer")
    }
    return try loadModel(folder / models[0])
  }

  private static func loadModel(_ path: Path) throws -> Tokenizer {
    try naming(path) {
      var tokenizer = try Tokenizer(SentencePieceModel(parsing: Files.read(path, limit: 1 << 30)))
      tokenizer.chatTemplate = try configuration(beside: path).template
      return tokenizer
    }
  }

  private static func loadJSON(_ path: Path) throws -> Tokenizer {
    try naming(path) {
      let (roles, template) = try configuration(beside: path)
      var tokenizer = try Tokenizer(
        TokenizerJSON(parsing: Files.read(path, limit: 1 << 30)), roles: roles)
      tokenizer.chatTemplate = template
      return tokenizer
    }
  }

  /// Puts the file's name in front of an error that lacks it.
  private static func naming<T>(_ path: Path, _ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as any Diagnosis {
      guard !error.problem.contains(path.string) else { throw error }
      throw Failure("\(path): \(error.problem)", remedy: error.remedy)
    }
  }

  /// What `tokenizer_config.json`, `special_tokens_map.json` and `chat_template.jinja` say.
  private static func configuration(beside path: Path) throws -> (
    roles: Roles, template: ChatTemplate?
  ) {
    func object(_ name: String) throws -> JSON {
      let file = path.parent / name
      return Files.exists(file) ? try JSON.read(file, limit: 64 << 20) : .null
    }
    let own = try object("tokenizer_config.json"), map = try object("special_tokens_map.json")
    // A role is a name, or an added token with its content.
    func role(_ key: String) -> String? {
      for json in [own, map] {
        if let name = json[key]?.string ?? json[key]?["content"]?.string { return name }
      }
      return nil
    }
    let roles = Roles(
      begin: role("bos_token"), end: role("eos_token"), pad: role("pad_token"),
      unknown: role("unk_token"))
    let file = path.parent / "chat_template.jinja"
    let source =
      Files.exists(file)
      ? try Files.readText(file, limit: 1 << 20) : own["chat_template"].flatMap(defaultTemplate)
    return (roles, try source.map { source throws in try ChatTemplate(source) })
  }

  /// The template that is meant when several are given by name.
  private static func defaultTemplate(_ json: JSON) -> String? {
    if let source = json.string { return source }
    return json.array?.first { $0["name"]?.string == "default" }?["template"]?.string
  }
}
