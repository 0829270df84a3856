/// The content of a SentencePiece `.model` file.
///
/// The file is a Protocol Buffers message (`sentencepiece_model.proto` of google/sentencepiece).
/// Of its two specifications only the fields that change ids or text have names here; all others
/// are kept as they came and written back.
public struct SentencePieceModel: Equatable, Sendable {
  /// What a piece is for.
  public enum Kind: Int, Sendable, CaseIterable {
    case normal = 1
    /// Stands for what no piece covers.
    case unknown = 2
    /// Never matched in text; the caller puts it in.
    case control = 3
    /// Matched in text whatever its score.
    case userDefined = 4
    /// Has an id, is never used.
    case unused = 5
    /// One byte of a character that no piece covers, written `<0x41>`.
    case byte = 6
  }

  /// One entry of the vocabulary; its index is its id.
  public struct Piece: Equatable, Sendable {
    public var text: String
    /// Natural logarithm of the piece's probability; 0 for special pieces.
    public var score: Float
    public var kind: Kind
    var unknownFields: [ProtobufField] = []

    public init(_ text: String, score: Float = 0, kind: Kind = .normal) {
      self.text = text
      self.score = score
      self.kind = kind
    }
  }

  /// How the segmentation was learnt.
  public enum Algorithm: Int, Sendable { case unigram = 1, bpe = 2, word = 3, character = 4 }

  public var pieces: [Piece] = []
  public var trainer = Trainer()
  public var normalizer = Normalizer()
  /// What the decoder's output is put through; rarely there.
  public var denormalizer: Normalizer?
  var unknownFields: [ProtobufField] = []

  public init() {}
}

extension SentencePieceModel {
  /// The settings a model was trained with (`TrainerSpec`).
  public struct Trainer: Equatable, Sendable {
    var fields: [ProtobufField] = []

    public init() {}

    public var algorithm: Algorithm {
      get { Algorithm(rawValue: fields.last(3)?.integer ?? 1) ?? .unigram }
      set { fields.set(3, .varint(UInt64(newValue.rawValue))) }
    }
    public var vocabularySize: Int {
      get { fields.last(4)?.integer ?? 8000 }
      set { fields.set(4, .varint(UInt64(max(0, newValue)))) }
    }
    public var characterCoverage: Float {
      get { fields.last(10)?.float ?? 0.9995 }
      set { fields.set(10, .fixed32(newValue.bitPattern)) }
    }
    public var maximumPieceLength: Int {
      get { fields.last(20)?.integer ?? 16 }
      set { fields.set(20, .varint(UInt64(max(0, newValue)))) }
    }
    public var splitsByScript: Bool {
      get { fields.last(21)?.flag ?? true }
      set { fields.set(21, .varint(newValue ? 1 : 0)) }
    }
    public var splitsByWhitespace: Bool {
      get { fields.last(22)?.flag ?? true }
      set { fields.set(22, .varint(newValue ? 1 : 0)) }
    }
    public var splitsByNumber: Bool {
      get { fields.last(23)?.flag ?? true }
      set { fields.set(23, .varint(newValue ? 1 : 0)) }
    }
    public var treatsWhitespaceAsSuffix: Bool {
      get { fields.last(24)?.flag ?? false }
      set { fields.set(24, .varint(newValue ? 1 : 0)) }
    }
    public var splitsDigits: Bool {
      get { fields.last(25)?.flag ?? false }
      set { fields.set(25, .varint(newValue ? 1 : 0)) }
    }
    public var allowsWhitespaceOnlyPieces: Bool {
      get { fields.last(26)?.flag ?? false }
      set { fields.set(26, .varint(newValue ? 1 : 0)) }
    }
    public var controlSymbols: [String] {
      get { fields.filter { $0.number == 30 }.compactMap(\.text) }
      set { fields.setAll(30, newValue.map { .bytes(Array($0.utf8)) }) }
    }
    public var userDefinedSymbols: [String] {
      get { fields.filter { $0.number == 31 }.compactMap(\.text) }
      set { fields.setAll(31, newValue.map { .bytes(Array($0.utf8)) }) }
    }
    public var byteFallback: Bool {
      get { fields.last(35)?.flag ?? false }
      set { fields.set(35, .varint(newValue ? 1 : 0)) }
    }
    public var unknownID: Int {
      get { fields.last(40)?.integer ?? 0 }
      set { fields.set(40, .varint(UInt64(bitPattern: Int64(newValue)))) }
    }
    public var beginID: Int {
      get { fields.last(41)?.integer ?? 1 }
      set { fields.set(41, .varint(UInt64(bitPattern: Int64(newValue)))) }
    }
    public var endID: Int {
      get { fields.last(42)?.integer ?? 2 }
      set { fields.set(42, .varint(UInt64(bitPattern: Int64(newValue)))) }
    }
    public var padID: Int {
      get { fields.last(43)?.integer ?? -1 }
      set { fields.set(43, .varint(UInt64(bitPattern: Int64(newValue)))) }
    }
    /// What the decoder shows for the unknown piece.
    public var unknownSurface: String {
      get { fields.last(44)?.text ?? " \u{2047} " }
      set { fields.set(44, .bytes(Array(newValue.utf8))) }
    }
    public var unknownPiece: String {
      get { fields.last(45)?.text ?? "<unk>" }
      set { fields.set(45, .bytes(Array(newValue.utf8))) }
    }
    public var beginPiece: String {
      get { fields.last(46)?.text ?? "<s>" }
      set { fields.set(46, .bytes(Array(newValue.utf8))) }
    }
    public var endPiece: String {
      get { fields.last(47)?.text ?? "</s>" }
      set { fields.set(47, .bytes(Array(newValue.utf8))) }
    }
    public var padPiece: String {
      get { fields.last(48)?.text ?? "<pad>" }
      set { fields.set(48, .bytes(Array(newValue.utf8))) }
    }
  }

  /// What happens to text before it is segmented (`NormalizerSpec`).
  public struct Normalizer: Equatable, Sendable {
    var fields: [ProtobufField] = []

    public init() {}

    /// The rule's name, such as "identity" or "nmt_nfkc"; only `charsmap` acts.
    public var name: String {
      get { fields.last(1)?.text ?? "" }
      set { fields.set(1, .bytes(Array(newValue.utf8))) }
    }
    /// Replacements compiled into a double array and their texts; empty for none.
    public var charsmap: [UInt8] {
      get { fields.last(2)?.bytes ?? [] }
      set { fields.set(2, .bytes(newValue)) }
    }
    public var addsDummyPrefix: Bool {
      get { fields.last(3)?.flag ?? true }
      set { fields.set(3, .varint(newValue ? 1 : 0)) }
    }
    public var removesExtraWhitespace: Bool {
      get { fields.last(4)?.flag ?? true }
      set { fields.set(4, .varint(newValue ? 1 : 0)) }
    }
    public var escapesWhitespace: Bool {
      get { fields.last(5)?.flag ?? true }
      set { fields.set(5, .varint(newValue ? 1 : 0)) }
    }
  }
}

extension [ProtobufField] {
  /// The field of that number which counts: in Protocol Buffers the last one wins.
  fileprivate func last(_ number: Int) -> ProtobufField? { last { $0.number == number } }

  fileprivate mutating func set(_ number: Int, _ value: ProtobufField.Value) {
    setAll(number, [value])
  }

  /// Replaces all fields of that number, keeping numbers in ascending order.
  fileprivate mutating func setAll(_ number: Int, _ values: [ProtobufField.Value]) {
    removeAll { $0.number == number }
    let place = firstIndex { $0.number > number } ?? endIndex
    insert(contentsOf: values.map { ProtobufField(number: number, value: $0) }, at: place)
  }
}
