public import Base
public import Formats

/// The tokenizer of a Hugging Face folder, a Unigram as all that Kaji runs, as a GGUF file's metadata.
public enum GGUFTokenizerMetadata {
  /// Reads `tokenizer.json` and the files beside it.
  ///
  /// - Parameter count: the ids of the model; those beyond the tokenizer's get names of their own.
  /// - Throws: `Failure` naming the step that GGUF has no word for.
  public static func values(of folder: Path, count: Int) throws -> [(String, GGUFValue)] {
    let path = folder / "tokenizer.json"
    guard Files.exists(path) else {
      throw Failure(
        "\(folder) has no tokenizer.json", remedy: "Put the model's tokenizer into the folder.")
    }
    let json = try JSON.read(path)
    do {
      let tokenizer = try Tokenizer.load(folder)
      return try values(of: json, tokenizer, count: count)
    } catch let error as any Diagnosis {
      guard !error.problem.contains(path.string) else { throw error }
      throw Failure("\(path): \(error.problem)", remedy: error.remedy)
    }
  }

  private static func values(
    of json: JSON, _ tokenizer: Tokenizer, count: Int
  ) throws -> [(String, GGUFValue)] {
    var vocabulary = try GGUFVocabulary(json, count: count)
    var values = try unigram(json, &vocabulary) + vocabulary.values
    for (key, id) in [
      ("bos", tokenizer.special.begin), ("eos", tokenizer.special.end),
      ("unknown", tokenizer.special.unknown), ("padding", tokenizer.special.pad),
    ] {
      if let id { values.append(("tokenizer.ggml.\(key)_token_id", .uint32(UInt32(id)))) }
    }
    let (before, after) = (tokenizer.prefixIDs, tokenizer.suffixIDs)
    guard before.isEmpty || before == tokenizer.special.begin.map({ [$0] }) ?? [],
      after.isEmpty || after == tokenizer.special.end.map({ [$0] }) ?? []
    else { throw unsupported("a post-processor with other than the begin and end tokens") }
    values.append(("tokenizer.ggml.add_bos_token", .bool(!before.isEmpty)))
    values.append(("tokenizer.ggml.add_eos_token", .bool(!after.isEmpty)))
    if let template = tokenizer.chatTemplate?.source {
      values.append(("tokenizer.chat_template", .string(template)))
    }
    return values
  }

  private static func unigram(
    _ json: JSON, _ vocabulary: inout GGUFVocabulary
  ) throws -> [(String, GGUFValue)] {
    let hasPrefix = try addsSpace(json)
    if let unknown = json["model"]?["unk_id"]?.int { try vocabulary.mark(unknown, as: .unknown) }
    return [
      ("tokenizer.ggml.model", .string("t5")), ("tokenizer.ggml.pre", .string("default")),
      ("tokenizer.ggml.add_space_prefix", .bool(hasPrefix)),
      ("tokenizer.ggml.remove_extra_whitespaces", .bool(false)),
    ]
  }

  /// Whether a space is put in front, of a tokenizer that writes spaces as marks and changes nothing else.
  private static func addsSpace(_ json: JSON) throws -> Bool {
    var hasPrefix = false
    for step in steps(json["normalizer"], "normalizers") {
      switch step["type"]?.string {
      case "Prepend" where step["prepend"]?.string == GGUFMerges.mark: hasPrefix = true
      case "Replace"
      where step["content"]?.string == GGUFMerges.mark && step["pattern"]?["String"]?.string == " ":
        break
      case let other: throw unsupported("the normalizer \(other ?? "none")")
      }
    }
    for step in steps(json["pre_tokenizer"], "pretokenizers") {
      guard step["type"]?.string == "Metaspace", step["replacement"]?.string == GGUFMerges.mark
      else { throw unsupported("the pre-tokenizer \(step["type"]?.string ?? "none")") }
      if step["prepend_scheme"]?.string ?? "always" != "never" { hasPrefix = true }
    }
    return hasPrefix
  }

  private static func steps(_ json: JSON?, _ key: String) -> [JSON] {
    guard let json, !json.isNull else { return [] }
    return json["type"]?.string == "Sequence" ? json[key]?.array ?? [] : [json]
  }

  static func unsupported(_ what: String) -> Failure {
    Failure(
      "the tokenizer has \(what)", remedy: "It cannot be said in a GGUF file: use the folder.")
  }
}

/// The pieces with what GGUF says of each.
struct GGUFVocabulary {
  private(set) var tokens: [String]
  private(set) var kinds: [GGUFTokenizer.Kind]
  private var scores: [Float]

  init(_ json: JSON, count: Int) throws {
    tokens = (0..<count).map { "[PAD\($0)]" }
    kinds = [GGUFTokenizer.Kind](repeating: .unused, count: count)
    scores = [Float](repeating: 0, count: count)
    for (id, piece) in (json["model"]?["vocab"]?.array ?? []).enumerated() {
      guard let text = piece[0]?.string, let score = piece[1]?.double else {
        throw Failure("model.vocab[\(id)] is no piece with a score", remedy: "Copy the file again.")
      }
      try set(id, text, Self.isByte(text) ? .byte : .normal)
      scores[id] = Float(score)
    }
    for token in json["added_tokens"]?.array ?? [] {
      guard let id = token["id"]?.int, let text = token["content"]?.string else { continue }
      let isUnknown = kinds.indices.contains(id) && kinds[id] == .unknown
      try set(
        id, text, isUnknown ? .unknown : token["special"]?.bool ?? false ? .control : .userDefined)
    }
  }

  /// Says what a piece is for.
  mutating func mark(_ id: Int, as kind: GGUFTokenizer.Kind) throws(Failure) {
    try check(id)
    kinds[id] = kind
  }

  private mutating func set(
    _ id: Int, _ text: String, _ kind: GGUFTokenizer.Kind
  ) throws(Failure) {
    try check(id)
    tokens[id] = text
    kinds[id] = kind
  }

  private func check(_ id: Int) throws(Failure) {
    guard tokens.indices.contains(id) else {
      throw Failure(
        "the tokenizer has the id \(id), the model \(tokens.count) ids",
        remedy: "Put the tokenizer the model was trained with into the folder.")
    }
  }

  private static func isByte(_ text: String) -> Bool {
    Vocabulary.byte(ofPiece: Array(text.utf8)[...]) != nil
  }

  /// The arrays of the metadata.
  var values: [(String, GGUFValue)] {
    [
      ("tokenizer.ggml.tokens", .strings(tokens)),
      ("tokenizer.ggml.scores", .array(.float32, scores.map { .float32($0) })),
      (
        "tokenizer.ggml.token_type",
        .array(.int32, kinds.map { .int32(Int32($0.rawValue)) })
      ),
    ]
  }
}
