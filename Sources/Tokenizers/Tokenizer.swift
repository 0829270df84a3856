/// Turns text into ids and back, exactly as the library that its file belongs to.
///
/// A `.model` behaves like SentencePiece, a `tokenizer.json` like the tokenizers library. The way of
/// a text: special tokens written in it are cut out (if asked), the rest is normalised, segmented
/// by the ``UnigramModel``, and what no piece covers becomes byte pieces.
public struct Tokenizer: Sendable {
  /// The ids of pieces with a role; `nil` where the tokenizer has none.
  public struct SpecialIDs: Equatable, Sendable {
    public var unknown: Int32?
    public var begin: Int32?
    public var end: Int32?
    public var pad: Int32?

    public init(
      unknown: Int32? = nil, begin: Int32? = nil, end: Int32? = nil, pad: Int32? = nil
    ) {
      self.unknown = unknown
      self.begin = begin
      self.end = end
      self.pad = pad
    }
  }

  public let vocabulary: Vocabulary
  public let special: SpecialIDs
  /// What `addSpecial` puts in front of and behind the ids.
  public let prefixIDs: [Int32], suffixIDs: [Int32]
  /// Whether ``encode(_:addSpecial:parseSpecial:)`` reads special tokens written in the text unless
  /// told: the tokenizers library does, SentencePiece does not.
  public let parsesSpecial: Bool
  /// The template of its chat, if its folder has one.
  public var chatTemplate: ChatTemplate?

  let model: UnigramModel
  let normalization: Normalization
  let splitting: Splitting
  let written: TextMatcher
  let specialSet: Set<Int32>
  let decoding: DecodingRules
  /// The ids of the 256 byte pieces, if characters that no piece covers are spelt with them.
  let byteIDs: [Int32]?

  /// Where text is cut before segmentation.
  enum Splitting: Sendable {
    case none
    /// Before every mark (the Metaspace pre-tokenizer).
    case beforeMarks
  }

  /// The number of ids; one more than the highest.
  public var count: Int { vocabulary.count }

  /// The ids of `text`.
  ///
  /// - Parameters:
  ///   - addSpecial: whether ``prefixIDs`` and ``suffixIDs`` are put around.
  ///   - parseSpecial: whether special tokens written in the text, such as `</s>`, become their
  ///     ids. Text from elsewhere must not: pass `false`. The default is the tokenizer's own rule.
  /// - Complexity: O(bytes × longest piece).
  public func encode(
    _ text: String, addSpecial: Bool = false, parseSpecial: Bool? = nil
  ) -> [Int32] {
    encode(text.utf8Span.span, addSpecial: addSpecial, parseSpecial: parseSpecial)
  }

  /// The ids of bytes that should be UTF-8; each byte that is not counts as U+FFFD.
  public func encode(
    utf8 bytes: [UInt8], addSpecial: Bool = false, parseSpecial: Bool? = nil
  ) -> [Int32] {
    encode(bytes.span, addSpecial: addSpecial, parseSpecial: parseSpecial)
  }

  func encode(_ bytes: Span<UInt8>, addSpecial: Bool, parseSpecial: Bool?) -> [Int32] {
    var encoder = Encoder(self)
    var ids: [Int32] = addSpecial ? prefixIDs : []
    ids.reserveCapacity(bytes.count / 4 + 8)
    encoder.encode(bytes, parseSpecial: parseSpecial ?? parsesSpecial, into: &ids)
    if addSpecial { ids += suffixIDs }
    return ids
  }

  /// The pieces of those ids, as written in the vocabulary.
  public func pieces(_ ids: some Sequence<Int32>) -> [String] { ids.map(vocabulary.piece) }

  /// The text of `ids`.
  ///
  /// - Parameter skipSpecial: whether special pieces are left out instead of shown by name.
  public func decode(_ ids: some Sequence<Int32>, skipSpecial: Bool = true) -> String {
    var decoder = StreamingDecoder(
      vocabulary: vocabulary, rules: decoding, special: specialSet, skipsSpecial: skipSpecial,
      holdsRuns: true)
    var bytes: [UInt8] = []
    for id in ids { decoder.append(id, to: &bytes) }
    decoder.finish(into: &bytes)
    if let map = decoding.map { bytes = map.apply(bytes.span) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A decoder that takes ids one by one.
  public func makeStreamingDecoder(skipSpecial: Bool = true) -> StreamingDecoder {
    StreamingDecoder(
      vocabulary: vocabulary, rules: decoding, special: specialSet, skipsSpecial: skipSpecial,
      holdsRuns: false)
  }

  /// Whether an id is a special token: one that text cannot spell.
  public func isSpecial(_ id: Int32) -> Bool { specialSet.contains(id) }
}
