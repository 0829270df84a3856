import Base
import Formats

/// Byte-level BPE of a `tokenizer.json` as a GGUF file's metadata.
enum GGUFByteLevel {
  /// Reads a `tokenizer.json`.
  ///
  /// - Parameter count: the ids of the model.
  /// - Throws: `Failure` naming what GGUF has no word for.
  static func values(
    of json: JSON, configuration: (roles: Tokenizer.Roles, template: ChatTemplate?), count: Int
  ) throws -> [(String, GGUFValue)] {
    guard let steps = GGUFPreTokenizer(of: json) else {
      throw GGUFTokenizerMetadata.unsupported(
        "BPE with other steps than those of "
          + GGUFPreTokenizer.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let vocabulary = try GGUFVocabulary(json, count: count)
    let roles = configuration.roles
    let special = Tokenizer.SpecialIDs(
      unknown: roles.unknown.flatMap(vocabulary.id(of:)),
      begin: roles.begin.flatMap(vocabulary.id(of:)), end: roles.end.flatMap(vocabulary.id(of:)),
      pad: roles.pad.flatMap(vocabulary.id(of:)))
    let (before, after) = try around(json["post_processor"], vocabulary)
    return try [
      ("tokenizer.ggml.model", .string("gpt2")), ("tokenizer.ggml.pre", .string(steps.rawValue)),
      ("tokenizer.ggml.merges", .strings(merges(json))),
    ] + vocabulary.values
      + GGUFTokenizerMetadata.around(
        special, before: before, after: after, configuration.template)
  }

  /// The merges, each two pieces with a space between: byte-level pieces have none in them.
  private static func merges(_ json: JSON) throws(Failure) -> [String] {
    var merges: [String] = []
    for (place, merge) in (json["model"]?["merges"]?.array ?? []).enumerated() {
      let pair = merge.array?.compactMap(\.string)
      let text = merge.string ?? pair?.joined(separator: " ") ?? ""
      guard text.utf8.count(where: { $0 == 0x20 }) == 1, pair?.count ?? 2 == 2 else {
        throw Failure("model.merges[\(place)] is no pair", remedy: "Copy the file again.")
      }
      merges.append(text)
    }
    return merges
  }

  /// The ids that the post-processor puts before and behind a text.
  private static func around(
    _ json: JSON?, _ vocabulary: GGUFVocabulary
  ) throws(Failure) -> ([Int32], [Int32]) {
    var (before, after): ([Int32], [Int32]) = ([], [])
    for step in GGUFTokenizerMetadata.steps(json, "processors") {
      switch step["type"]?.string {
      case "ByteLevel": break
      case "TemplateProcessing":
        var isAfter = false
        for part in step["single"]?.array ?? [] {
          guard let name = part["SpecialToken"]?["id"]?.string else {
            isAfter = true
            continue
          }
          guard let id = vocabulary.id(of: name) else {
            throw GGUFTokenizerMetadata.unsupported("a post-processor with an unknown token")
          }
          if isAfter { after.append(id) } else { before.append(id) }
        }
      case let other:
        throw GGUFTokenizerMetadata.unsupported("the post-processor \(other ?? "none")")
      }
    }
    return (before, after)
  }
}

extension GGUFPreTokenizer {
  /// The name of a `tokenizer.json`'s steps, if GGUF has one.
  init?(of json: JSON) {
    let model = json["model"]
    guard model?["byte_fallback"]?.bool != true, model?["dropout"]?.double ?? 0 == 0,
      model?["continuing_subword_prefix"]?.string ?? "" == "",
      model?["end_of_word_suffix"]?.string ?? "" == "",
      let known = Self.allCases.first(where: {
        Self.meaning($0.json) == Self.meaning(json["pre_tokenizer"] ?? .null)
          && $0.normalizer == json["normalizer"] ?? .null
          && $0.ignoresMerges == model?["ignore_merges"]?.bool ?? false
      })
    else { return nil }
    self = known
  }

  /// The steps without what changes no ids, and with what old files leave out.
  private static func meaning(_ json: JSON) -> JSON {
    if let array = json.array { return .array(array.map(meaning)) }
    guard var object = json.object else { return json }
    object["trim_offsets"] = nil
    if object["type"]?.string == "ByteLevel", object["use_regex"] == nil {
      object["use_regex"] = true
    }
    let members = object.sorted { $0.key < $1.key }.map { ($0.key, meaning($0.value)) }
    return .object(JSONObject(members))
  }
}
