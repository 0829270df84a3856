public import Base
public import Formats

/// A trained tokenizer in the forms that other programs read.
///
/// `tokenizer.model` and `tokenizer.vocab` are SentencePiece's, the `.json` files are Hugging Face's:
/// `AutoTokenizer` opens them and gives the same ids and texts. The begin token comes in front when
/// special tokens are asked for, nothing comes behind.
public struct TokenizerFiles: Sendable {
  public let model: SentencePieceModel
  /// The source of the chat template; `nil` for none.
  public let chatTemplate: String?
  private let tokenizerJSON: TokenizerJSON

  /// The files of `model`.
  ///
  /// - Throws: `Failure` if the model has rules that `tokenizer.json` cannot express exactly.
  public init(
    _ model: SentencePieceModel, chatTemplate: String? = ChatTemplate.llmjpSource
  ) throws(Failure) {
    self.model = model
    self.chatTemplate = chatTemplate
    tokenizerJSON = try TokenizerJSON(model)
  }

  /// The tokenizer as it is when read back from the files.
  public func tokenizer() throws -> Tokenizer {
    var tokenizer = try Tokenizer(tokenizerJSON, roles: roles)
    tokenizer.chatTemplate = try chatTemplate.map { source throws in try ChatTemplate(source) }
    return tokenizer
  }

  /// The files of a Hugging Face folder, by name.
  public func huggingFaceFiles() -> [(name: String, bytes: [UInt8])] {
    [
      ("tokenizer.json", tokenizerJSON.serialized()),
      ("tokenizer_config.json", Array(configuration.text(pretty: true).utf8)),
      ("special_tokens_map.json", Array(JSON.object(roleMembers).text(pretty: true).utf8)),
    ]
  }

  /// Writes all five files into `folder`, which is made if it is not there.
  public func write(to folder: Path) throws {
    try Files.makeDirectory(folder)
    try Files.write(model.serialized(), to: folder / "tokenizer.model")
    try Files.write(model.vocabularyText(), to: folder / "tokenizer.vocab")
    for file in huggingFaceFiles() { try Files.write(file.bytes, to: folder / file.name) }
  }

  private var roles: Tokenizer.Roles {
    func named(_ id: Int) -> String? {
      model.pieces.indices.contains(id) ? model.pieces[id].text : nil
    }
    return Tokenizer.Roles(
      begin: named(model.trainer.beginID), end: named(model.trainer.endID),
      pad: named(model.trainer.padID), unknown: named(model.trainer.unknownID))
  }

  private var roleMembers: [(String, JSON)] {
    [
      ("bos_token", roles.begin), ("eos_token", roles.end), ("unk_token", roles.unknown),
      ("pad_token", roles.pad),
    ].compactMap { name, value in value.map { (name, JSON($0)) } }
  }

  private var configuration: JSON {
    var members: [(String, JSON)] = [
      ("tokenizer_class", "PreTrainedTokenizerFast"),
      ("add_bos_token", JSON(roles.begin != nil)), ("add_eos_token", false),
      ("clean_up_tokenization_spaces", false),
    ]
    members += roleMembers
    if let chatTemplate { members.append(("chat_template", JSON(chatTemplate))) }
    return .object(members)
  }
}

extension TokenizerJSON {
  /// The same tokenizer in Hugging Face's form.
  ///
  /// Byte pieces get a score far below all others: the tokenizers library would match `<0x41>`
  /// written in text. A user-defined piece gets the score SentencePiece reckons for it.
  ///
  /// - Throws: `Failure` for rules that have no exact counterpart there.
  public init(_ file: SentencePieceModel) throws(Failure) {
    guard file.trainer.algorithm == .unigram, file.normalizer.charsmap.isEmpty,
      !file.normalizer.removesExtraWhitespace, file.normalizer.escapesWhitespace,
      !file.trainer.treatsWhitespaceAsSuffix, file.denormalizer?.charsmap.isEmpty ?? true
    else {
      throw Failure(
        "the SentencePiece model changes text in ways that a tokenizer.json cannot say exactly",
        remedy: "use the .model file, or train without normalisation and with spaces kept")
    }
    let normal = file.pieces.lazy.filter { $0.kind == .normal }.map(\.score)
    let lowest = normal.min() ?? 0, highest = normal.max() ?? 0
    let never = Double((8 * lowest - 32).rounded())
    self.init(
      model: Unigram(
        pieces: file.pieces.map { piece in
          switch piece.kind {
          case .normal: (piece.text, Double(piece.score))
          case .userDefined:
            (piece.text, Double(Float(piece.text.utf8.count) * highest - 0.1))
          case .unknown, .control, .unused, .byte: (piece.text, never)
          }
        }, unknownID: file.pieces.firstIndex { $0.kind == .unknown },
        byteFallback: file.trainer.byteFallback))
    addedTokens = file.pieces.indices.compactMap { id in
      let piece = file.pieces[id]
      return piece.kind == .control || piece.kind == .unknown
        ? AddedToken(id: id, content: piece.text) : nil
    }
    let mark = "\u{2581}"
    let spaces = Normalizer.replace(.text(" "), with: mark)
    let hasPrefix = file.normalizer.addsDummyPrefix
    normalizer = hasPrefix ? .sequence([.prepend(mark), spaces]) : spaces
    let decoders: [Decoder] = [.replace(.text(mark), with: " "), .byteFallback, .fuse]
    decoder = .sequence(hasPrefix ? decoders + [.strip(content: " ", start: 1, stop: 0)] : decoders)
    let begin = file.trainer.beginID
    if file.pieces.indices.contains(begin), file.pieces[begin].kind == .control {
      let name = file.pieces[begin].text
      postProcessor = .template(
        single: [.special(name, typeID: 0), .sequence("A", typeID: 0)],
        pair: [
          .special(name, typeID: 0), .sequence("A", typeID: 0), .special(name, typeID: 1),
          .sequence("B", typeID: 1),
        ], specialIDs: [(name, [begin])])
    }
  }
}
