public import Base

/// One document of a corpus. Text and metadata come out only for a purpose its level allows.
public struct Document: Sendable {
  public let id: DocumentID
  public let subset: String
  public let language: String
  public let text: LevelledText
  private let metadata: JSON

  init(id: DocumentID, subset: String, language: String, text: LevelledText, metadata: JSON) {
    self.id = id
    self.subset = subset
    self.language = language
    self.text = text
    self.metadata = text.level == .LZ ? .object(JSONObject()) : metadata
  }

  public var level: ReleaseLevel { text.level }

  /// The other fields of the record, an object. They may quote the text, so its level covers them.
  ///
  /// - Throws: ``Withheld`` if the level forbids `purpose`.
  public func meta(for purpose: Purpose) throws(Withheld) -> JSON {
    _ = try text.text(for: purpose)
    return metadata
  }
}

/// A record as it comes from outside, before it has an id.
struct Record {
  let text: LevelledText
  /// The line to store, in LLM-jp's schema `{"text", "meta"}`; empty for level LZ.
  let line: [UInt8]

  /// Takes `text` (or `content`, as code corpora call it); all else goes into `meta`.
  ///
  /// - Throws: ``UnusableRecord``, whose reason quotes nothing of the record.
  init(_ value: JSON, level: ReleaseLevel) throws(UnusableRecord) {
    guard let object = value.object else { throw UnusableRecord(reason: "not an object") }
    let key = object["text"] == nil ? "content" : "text"
    guard let text = object[key] else { throw UnusableRecord(reason: "no field text") }
    guard let string = text.string else { throw UnusableRecord(reason: "text is no string") }
    var members: [(key: String, value: JSON)] = []
    var taken = Set<ExactText>()
    if let meta = object["meta"] {
      guard let inner = meta.object else { throw UnusableRecord(reason: "meta is no object") }
      for member in inner {
        members.append(member)
        taken.insert(ExactText(member.key))
      }
    }
    for member in object where member.key != key && member.key != "meta" {
      if !taken.contains(ExactText(member.key)) { members.append(member) }
    }
    try self.init(string, meta: JSONObject(distinct: members), level: level)
  }

  init(_ text: String, meta: JSONObject, level: ReleaseLevel) throws(UnusableRecord) {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw UnusableRecord(reason: "the text is empty")
    }
    self.text = LevelledText(text, level: level)
    guard level != .LZ else {
      line = []
      return
    }
    let record: JSON = ["text": .string(text), "meta": .object(meta)]
    line = Array(record.text().utf8) + [UInt8(ascii: "\n")]
  }
}

/// Why a record cannot become a document.
struct UnusableRecord: Error {
  let reason: String
}
