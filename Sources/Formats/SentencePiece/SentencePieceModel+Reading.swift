public import Base

extension SentencePieceModel {
  /// The most pieces a model may have; real vocabularies stay below a million.
  public static let maximumPieces = 1 << 24

  /// Reads a `.model` file's bytes.
  ///
  /// - Throws: `Failure` naming the field and the byte, if the file is not a model or breaks a rule
  ///   that encoding relies on: pieces are valid, distinct, and not empty; one is unknown; scores are
  ///   finite.
  public init(parsing bytes: [UInt8]) throws(Failure) {
    var reader = ProtobufReader(bytes[...], what: "the SentencePiece model")
    while let field = try reader.next() {
      switch (field.number, field.bytes) {
      case (1, let bytes?):
        guard pieces.count < Self.maximumPieces else {
          throw Self.invalid("has more than \(Self.maximumPieces) pieces")
        }
        pieces.append(try Self.piece(bytes, id: pieces.count))
      case (2, let bytes?):
        var inner = ProtobufReader(bytes[...], what: "the model's trainer_spec")
        // A message given twice is merged, its later fields after its earlier ones.
        trainer.fields += try inner.rest()
      case (3, let bytes?):
        var inner = ProtobufReader(bytes[...], what: "the model's normalizer_spec")
        normalizer.fields += try inner.rest()
      case (5, let bytes?):
        var inner = ProtobufReader(bytes[...], what: "the model's denormalizer_spec")
        var spec = denormalizer ?? Normalizer()
        spec.fields += try inner.rest()
        denormalizer = spec
      case (1, nil), (2, nil), (3, nil), (5, nil):
        throw Self.invalid("has field \(field.number) that is no message")
      default: unknownFields.append(field)
      }
    }
    try validate()
  }

  /// The same file's bytes; unknown fields come last in their message.
  public func serialized() -> [UInt8] {
    var writer = ProtobufWriter()
    for piece in pieces {
      var inner = ProtobufWriter()
      inner.write(1, bytes: piece.text.utf8)
      inner.write(2, float: piece.score)
      if piece.kind != .normal { inner.write(3, integer: UInt64(piece.kind.rawValue)) }
      for field in piece.unknownFields { inner.write(field) }
      writer.write(1, bytes: inner.bytes)
    }
    func message(_ fields: [ProtobufField]) -> [UInt8] {
      var inner = ProtobufWriter()
      for field in fields { inner.write(field) }
      return inner.bytes
    }
    writer.write(2, bytes: message(trainer.fields))
    writer.write(3, bytes: message(normalizer.fields))
    if let denormalizer { writer.write(5, bytes: message(denormalizer.fields)) }
    for field in unknownFields { writer.write(field) }
    return writer.bytes
  }

  /// The `.vocab` file that goes with the model: one `piece<TAB>score` a line, ids in order.
  ///
  /// SentencePiece writes line breaks inside a piece as they are, and so does this: the file is for
  /// reading by people, the model for programs.
  public func vocabularyText() -> String {
    pieces.map { "\($0.text)\t\(Self.shortest($0.score))\n" }.joined()
  }

  private static func shortest(_ score: Float) -> String {
    score == score.rounded() && abs(score) < 1e6 ? String(Int(score)) : "\(score)"
  }

  private static func piece(_ bytes: [UInt8], id: Int) throws(Failure) -> Piece {
    var reader = ProtobufReader(bytes[...], what: "piece \(id) of the SentencePiece model")
    var text = "", score: Float = 0, kind = Kind.normal
    var unknown: [ProtobufField] = []
    while let field = try reader.next() {
      switch field.number {
      case 1:
        guard let value = field.text else {
          throw invalid("has piece \(id) that is not UTF-8 text")
        }
        text = value
      case 2:
        guard let value = field.float, value.isFinite else {
          throw invalid("has piece \(id) whose score is not a finite number")
        }
        score = value
      case 3:
        guard let value = field.integer, let named = Kind(rawValue: value) else {
          throw invalid("has piece \(id) of an unknown type")
        }
        kind = named
      default: unknown.append(field)
      }
    }
    var piece = Piece(text, score: score, kind: kind)
    piece.unknownFields = unknown
    return piece
  }

  private func validate() throws(Failure) {
    guard !pieces.isEmpty else { throw Self.invalid("has no pieces") }
    // By bytes: `==` of strings would take canonically equivalent pieces for one.
    var seen: [[UInt8]: Int] = [:]
    seen.reserveCapacity(pieces.count)
    var unknown: Int?
    for (id, piece) in pieces.enumerated() {
      guard !piece.text.isEmpty else { throw Self.invalid("has an empty piece \(id)") }
      if let other = seen.updateValue(id, forKey: Array(piece.text.utf8)) {
        throw Self.invalid("has piece \(id) twice (also as \(other))")
      }
      if piece.kind == .unknown {
        if let unknown { throw Self.invalid("has two unknown pieces, \(unknown) and \(id)") }
        unknown = id
      }
    }
    guard unknown != nil else { throw Self.invalid("has no unknown piece") }
    guard fieldsAreTyped else { throw Self.invalid("has a setting of the wrong type") }
  }

  /// Whether each setting that is read has the wire type its accessor expects.
  private var fieldsAreTyped: Bool {
    let integers: Set<Int> = [3, 4, 20, 21, 22, 23, 24, 25, 26, 35, 40, 41, 42, 43]
    let texts: Set<Int> = [30, 31, 44, 45, 46, 47, 48]
    return trainer.fields.allSatisfy { field in
      if integers.contains(field.number) { return field.integer != nil }
      if texts.contains(field.number) { return field.text != nil }
      return true
    }
      && (normalizer.fields + (denormalizer?.fields ?? [])).allSatisfy { field in
        switch field.number {
        case 1: field.text != nil
        case 2: field.bytes != nil
        case 3, 4, 5: field.integer != nil
        default: true
        }
      }
  }

  private static func invalid(_ what: String) -> Failure {
    Failure(
      "the SentencePiece model \(what)",
      remedy: "give a .model file that SentencePiece or Kaji wrote")
  }
}
