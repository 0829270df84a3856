public import Base

extension TokenizerJSON {
  /// The file as a JSON value, in the form that tokenizers 0.15 and later read.
  public var json: JSON {
    .object([
      ("version", "1.0"), ("truncation", .null), ("padding", .null),
      ("added_tokens", .array(addedTokens.map(\.json))),
      ("normalizer", normalizer?.json ?? .null),
      ("pre_tokenizer", preTokenizer?.json ?? .null),
      ("post_processor", postProcessor?.json ?? .null),
      ("decoder", decoder?.json ?? .null),
      ("model", model.json),
    ])
  }

  /// The file's bytes.
  public func serialized() -> [UInt8] { Array(json.text().utf8) }
}

extension TokenizerJSON.AddedToken {
  fileprivate var json: JSON {
    .object([
      ("id", JSON(id)), ("content", JSON(content)), ("single_word", JSON(isSingleWord)),
      ("lstrip", JSON(stripsLeft)), ("rstrip", JSON(stripsRight)),
      ("normalized", JSON(isNormalized)), ("special", JSON(isSpecial)),
    ])
  }
}

extension TokenizerJSON.Pattern {
  fileprivate var json: JSON {
    switch self {
    case .text(let text): .object([("String", JSON(text))])
    case .expression(let expression): .object([("Regex", JSON(expression))])
    }
  }
}

extension TokenizerJSON.Normalizer {
  fileprivate var json: JSON {
    switch self {
    case .sequence(let steps):
      .object([("type", "Sequence"), ("normalizers", .array(steps.map(\.json)))])
    case .prepend(let text): .object([("type", "Prepend"), ("prepend", JSON(text))])
    case .replace(let pattern, let content):
      .object([("type", "Replace"), ("pattern", pattern.json), ("content", JSON(content))])
    }
  }
}

extension TokenizerJSON.PreTokenizer {
  fileprivate var json: JSON {
    switch self {
    case .sequence(let steps):
      .object([("type", "Sequence"), ("pretokenizers", .array(steps.map(\.json)))])
    case .metaspace(let replacement, let scheme, let splits):
      .object([
        ("type", "Metaspace"), ("replacement", JSON(replacement)),
        ("prepend_scheme", JSON(scheme.rawValue)), ("split", JSON(splits)),
      ])
    }
  }
}

extension TokenizerJSON.TemplatePart {
  fileprivate var json: JSON {
    switch self {
    case .sequence(let id, let type):
      .object([("Sequence", .object([("id", JSON(id)), ("type_id", JSON(type))]))])
    case .special(let id, let type):
      .object([("SpecialToken", .object([("id", JSON(id)), ("type_id", JSON(type))]))])
    }
  }
}

extension TokenizerJSON.PostProcessor {
  fileprivate var json: JSON {
    switch self {
    case .template(let single, let pair, let specialIDs):
      .object([
        ("type", "TemplateProcessing"), ("single", .array(single.map(\.json))),
        ("pair", .array(pair.map(\.json))),
        (
          "special_tokens",
          .object(
            specialIDs.map { name, ids in
              (
                name,
                .object([
                  ("id", JSON(name)), ("ids", .integers(ids)),
                  ("tokens", .array(ids.map { _ in JSON(name) })),
                ])
              )
            })
        ),
      ])
    }
  }
}

extension TokenizerJSON.Decoder {
  fileprivate var json: JSON {
    switch self {
    case .sequence(let steps):
      .object([("type", "Sequence"), ("decoders", .array(steps.map(\.json)))])
    case .byteFallback: .object([("type", "ByteFallback")])
    case .fuse: .object([("type", "Fuse")])
    case .replace(let pattern, let content):
      .object([("type", "Replace"), ("pattern", pattern.json), ("content", JSON(content))])
    case .strip(let content, let start, let stop):
      .object([
        ("type", "Strip"), ("content", JSON(content)), ("start", JSON(start)), ("stop", JSON(stop)),
      ])
    case .metaspace(let replacement, let scheme):
      .object([
        ("type", "Metaspace"), ("replacement", JSON(replacement)),
        ("prepend_scheme", JSON(scheme.rawValue)), ("split", JSON(true)),
      ])
    }
  }
}

extension TokenizerJSON.Unigram {
  fileprivate var json: JSON {
    .object([
      ("type", "Unigram"), ("unk_id", unknownID.map { JSON($0) } ?? .null),
      ("vocab", .array(pieces.map { .array([JSON($0.text), JSON($0.score)]) })),
      ("byte_fallback", JSON(byteFallback)),
    ])
  }
}
