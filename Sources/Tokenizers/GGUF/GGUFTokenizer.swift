public import Base
public import Formats

/// The tokenizer in a GGUF file's metadata, as the files of a Hugging Face folder have it.
///
/// `gpt2` is byte-level BPE, `llama` SentencePiece's BPE, `t5` Unigram.
public struct GGUFTokenizer: Sendable {
  /// The content of `tokenizer.json`.
  public let tokenizerJSON: JSON
  public let roles: Tokenizer.Roles
  /// The source of the chat template, if there is one.
  public let chatTemplate: String?

  /// What a piece is for, by the numbers of `tokenizer.ggml.token_type`.
  enum Kind: Int { case normal = 1, unknown, control, userDefined, unused, byte }

  /// The tokens that are put around a text.
  typealias Around = (begin: String?, end: String?)

  /// Reads the tokenizer of a file.
  ///
  /// - Throws: `Failure` naming the key that is missing, malformed or not supported.
  public init(_ file: GGUFFile) throws(Failure) {
    do throws(Failure) {
      let keys = Metadata(file)
      let tokens = try keys.strings("tokens")
      let kinds = try keys.kinds(count: tokens.count)
      roles = try keys.roles(tokens)
      chatTemplate = file["tokenizer.chat_template"]?.string
      switch file["tokenizer.ggml.model"]?.string {
      case "gpt2": tokenizerJSON = try Self.byteLevel(keys, tokens, kinds, roles)
      case "llama": tokenizerJSON = try Self.sentencePiece(keys, tokens, kinds, roles)
      case "t5": tokenizerJSON = try Self.unigram(keys, tokens, kinds, roles)
      case let other:
        throw Failure(
          "tokenizer.ggml.model is \(other.map { "'\(Sanitiser.visible($0))'" } ?? "missing")",
          remedy: "Only gpt2, llama and t5 are read here.")
      }
    } catch {
      throw Failure("\(file.path): \(error.problem)", remedy: error.remedy)
    }
  }

  /// The tokenizer, ready for use.
  public func tokenizer() throws -> Tokenizer {
    var tokenizer = try Tokenizer(
      TokenizerJSON(parsing: Array(tokenizerJSON.text().utf8)), roles: roles)
    tokenizer.chatTemplate = try chatTemplate.map { source throws in try ChatTemplate(source) }
    return tokenizer
  }

  /// Writes the files of a Hugging Face folder.
  public func write(to folder: Path) throws {
    var members: [(String, JSON)] = [
      ("bos_token", roles.begin), ("eos_token", roles.end), ("unk_token", roles.unknown),
      ("pad_token", roles.pad),
    ].compactMap { name, value in value.map { (name, JSON($0)) } }
    try Files.write(tokenizerJSON.text() + "\n", to: folder / "tokenizer.json")
    try Files.write(
      JSON.object(members).text(pretty: true) + "\n", to: folder / "special_tokens_map.json")
    members.insert(("tokenizer_class", "PreTrainedTokenizerFast"), at: 0)
    members.append(("clean_up_tokenization_spaces", false))
    if let chatTemplate { members.append(("chat_template", JSON(chatTemplate))) }
    try Files.write(
      JSON.object(members).text(pretty: true) + "\n", to: folder / "tokenizer_config.json")
  }

  // MARK: The three models

  private static func byteLevel(
    _ keys: Metadata, _ tokens: [String], _ kinds: [Kind], _ roles: Tokenizer.Roles
  ) throws(Failure) -> JSON {
    let name = keys.text("pre") ?? "gpt-2"
    guard let steps = GGUFPreTokenizer(rawValue: name) else {
      throw Failure(
        "tokenizer.ggml.pre is '\(Sanitiser.visible(name))'",
        remedy: "Only \(GGUFPreTokenizer.allCases.map(\.rawValue).joined(separator: ", ")) "
          + "are read here.")
    }
    let model: JSON = .object([
      ("type", "BPE"), ("dropout", .null), ("unk_token", .null),
      ("continuing_subword_prefix", .null), ("end_of_word_suffix", .null), ("fuse_unk", false),
      ("byte_fallback", false), ("ignore_merges", JSON(steps.ignoresMerges)),
      ("vocab", try vocabulary(tokens)),
      ("merges", .array(try keys.strings("merges").map { JSON($0) })),
    ])
    let decoder: JSON = .object([
      ("type", "ByteLevel"), ("add_prefix_space", true), ("trim_offsets", true),
      ("use_regex", true),
    ])
    return whole(
      tokens, kinds, normalizer: steps.normalizer, preTokenizer: steps.json,
      around: keys.around(roles, (begin: false, end: false)), decoder: decoder, model: model)
  }

  private static func sentencePiece(
    _ keys: Metadata, _ tokens: [String], _ kinds: [Kind], _ roles: Tokenizer.Roles
  ) throws(Failure) -> JSON {
    let scores = try keys.floats("scores", count: tokens.count)
    let merges = GGUFMerges.merges(of: tokens, scores: scores, kinds: kinds)
    let model: JSON = .object([
      ("type", "BPE"), ("dropout", .null),
      ("unk_token", kinds.firstIndex(of: .unknown).map { JSON(tokens[$0]) } ?? .null),
      ("continuing_subword_prefix", .null), ("end_of_word_suffix", .null), ("fuse_unk", true),
      ("byte_fallback", JSON(kinds.contains(.byte))), ("ignore_merges", false),
      ("vocab", try vocabulary(tokens)),
      ("merges", .array(merges.map { .array([JSON($0.0), JSON($0.1)]) })),
    ])
    return spaced(
      keys, tokens, kinds, around: keys.around(roles, (begin: true, end: false)), model)
  }

  private static func unigram(
    _ keys: Metadata, _ tokens: [String], _ kinds: [Kind], _ roles: Tokenizer.Roles
  ) throws(Failure) -> JSON {
    guard keys.values("precompiled_charsmap")?.isEmpty ?? true else {
      throw Failure(
        "tokenizer.ggml.precompiled_charsmap is set",
        remedy: "Use the model's own Hugging Face folder.")
    }
    guard !(keys.flag("remove_extra_whitespaces") ?? false) else {
      throw Failure(
        "tokenizer.ggml.remove_extra_whitespaces is set",
        remedy: "Use the model's own Hugging Face folder.")
    }
    let scores = try keys.floats("scores", count: tokens.count)
    let model: JSON = .object([
      ("type", "Unigram"),
      ("unk_id", kinds.firstIndex(of: .unknown).map { JSON($0) } ?? .null),
      (
        "vocab",
        .array(tokens.indices.map { .array([JSON(tokens[$0]), JSON(Double(scores[$0]))]) })
      ),
      ("byte_fallback", JSON(kinds.count { $0 == .byte } == 256)),
    ])
    return spaced(
      keys, tokens, kinds, around: keys.around(roles, (begin: false, end: true)), model)
  }

  /// A tokenizer that writes spaces as marks, as SentencePiece does.
  private static func spaced(
    _ keys: Metadata, _ tokens: [String], _ kinds: [Kind], around: Around, _ model: JSON
  ) -> JSON {
    func replace(_ old: JSON, _ new: JSON) -> JSON {
      .object([
        ("type", "Replace"), ("pattern", .object([("String", old)])), ("content", new),
      ])
    }
    let mark = JSON(GGUFMerges.mark)
    let hasPrefix = keys.flag("add_space_prefix") ?? true
    let spaces = replace(" ", mark)
    let normalizer: JSON =
      hasPrefix
      ? .object([
        ("type", "Sequence"),
        ("normalizers", .array([.object([("type", "Prepend"), ("prepend", mark)]), spaces])),
      ]) : spaces
    var decoders: [JSON] = [
      replace(mark, " "), .object([("type", "ByteFallback")]), .object([("type", "Fuse")]),
    ]
    if hasPrefix {
      decoders.append(
        .object([("type", "Strip"), ("content", " "), ("start", 1), ("stop", 0)]))
    }
    return whole(
      tokens, kinds, normalizer: normalizer, preTokenizer: .null,
      around: around,
      decoder: .object([("type", "Sequence"), ("decoders", .array(decoders))]), model: model)
  }

  // MARK: Parts

  private static func whole(
    _ tokens: [String], _ kinds: [Kind], normalizer: JSON, preTokenizer: JSON, around: Around,
    decoder: JSON, model: JSON
  ) -> JSON {
    let added: [JSON] = tokens.indices.compactMap { id in
      let kind = kinds[id]
      guard kind == .control || kind == .unknown || kind == .userDefined else { return nil }
      return .object([
        ("id", JSON(id)), ("content", JSON(tokens[id])), ("single_word", false), ("lstrip", false),
        ("rstrip", false), ("normalized", false), ("special", JSON(kind != .userDefined)),
      ])
    }
    return .object([
      ("version", "1.0"), ("truncation", .null), ("padding", .null),
      ("added_tokens", .array(added)), ("normalizer", normalizer), ("pre_tokenizer", preTokenizer),
      ("post_processor", template(around, tokens)), ("decoder", decoder),
      ("model", model),
    ])
  }

  /// Puts the begin token in front and the end token behind.
  private static func template(_ around: Around, _ tokens: [String]) -> JSON {
    guard around.begin != nil || around.end != nil else { return .null }
    func special(_ name: String?, _ type: Int) -> [JSON] {
      guard let name else { return [] }
      return [.object([("SpecialToken", .object([("id", JSON(name)), ("type_id", JSON(type))]))])]
    }
    func text(_ name: String, _ type: Int) -> [JSON] {
      let text =
        special(around.begin, type)
        + [.object([("Sequence", .object([("id", JSON(name)), ("type_id", JSON(type))]))])]
      return text + special(around.end, type)
    }
    var names = [around.begin, around.end].compactMap { $0 }
    if names.count == 2, names[0].utf8.elementsEqual(names[1].utf8) { names.removeLast() }
    let specials = names.map { name -> (String, JSON) in
      let id = tokens.firstIndex { $0.utf8.elementsEqual(name.utf8) } ?? 0
      return (
        name,
        .object([
          ("id", JSON(name)), ("ids", .integers([id])), ("tokens", .array([JSON(name)])),
        ])
      )
    }
    return .object([
      ("type", "TemplateProcessing"), ("single", .array(text("A", 0))),
      ("pair", .array(text("A", 0) + text("B", 1))), ("special_tokens", .object(specials)),
    ])
  }

  private static func vocabulary(_ tokens: [String]) throws(Failure) -> JSON {
    var seen: Set<[UInt8]> = []
    for (id, token) in tokens.enumerated() where !seen.insert(Array(token.utf8)).inserted {
      throw Failure(
        "tokenizer.ggml.tokens[\(id)] is there twice", remedy: "Copy or make the file again.")
    }
    return .object(JSONObject(distinct: tokens.enumerated().map { ($0.element, JSON($0.offset)) }))
  }
}
