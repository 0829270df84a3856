public import Base

/// A file of tokenised documents, mapped into memory. A copy shares the mapping.
public struct TokenShard: Sendable {
  public let path: Path
  public let part: ShardPart
  /// The SHA-256 of the tokenizer as 64 hexadecimal digits.
  public let tokenizerHash: String
  public let vocabularySize: Int
  /// The number of documents.
  public let documents: Int
  /// The number of tokens of all documents, without the special ones that training puts around.
  public let tokens: Int

  private let file: MappedFile
  private let format: ShardFormat

  /// Opens a shard and checks everything: checksums, order of offsets, levels, and range of ids.
  ///
  /// - Throws: ``Failure`` if it is damaged, or holds a document whose level its part forbids.
  /// - Complexity: reads the file once.
  public init(_ path: Path) throws(Failure) {
    let file = try MappedFile(path)
    format = try ShardFormat(file.bytes, path: path)
    self.path = path
    part = format.part
    tokenizerHash = hexadecimal(format.tokenizerHash)
    vocabularySize = format.vocabularySize
    documents = format.documents
    tokens = format.tokens
    self.file = file
    try check()
  }

  private func check() throws(Failure) {
    func damaged(_ reason: String) -> Failure {
      Failure("\(path) is no sound token shard: \(reason)", remedy: "Tokenise the corpus again.")
    }
    let body = file.bytes.extracting(ShardFormat.headerSize..<format.fileSize)
    guard body.crc32c == format.bodyChecksum else { throw damaged("the checksum differs") }
    var previous: UInt64 = 0
    for document in 0...documents {
      let offset = offset(document)
      guard offset >= previous, document > 0 || offset == 0 else {
        throw damaged("the offsets are out of order")
      }
      previous = offset
    }
    guard previous == UInt64(tokens) else { throw damaged("the offsets do not cover the tokens") }
    for document in 0..<documents {
      let code = file.bytes.littleEndian(
        at: format.referencesStart + ShardFormat.referenceSize * document + 12, as: UInt8.self)
      guard let level = ReleaseLevel(code: code) else { throw damaged("a level is unknown") }
      guard level.allows(part.purpose) else {
        throw damaged(
          "document \(document) of level \(level.rawValue) in the part \(part.rawValue)")
      }
    }
    guard largestID < vocabularySize else { throw damaged("an id exceeds the vocabulary") }
  }

  /// The largest id; −1 without tokens.
  private var largestID: Int {
    let file = self.file
    let ids = file.bytes.extracting(format.idsStart..<format.fileSize)
    var largest: UInt32 = 0
    if format.idSize == 2 {
      for index in 0..<tokens {
        largest = max(largest, UInt32(ids.littleEndian(at: 2 * index, as: UInt16.self)))
      }
    } else {
      for index in 0..<tokens {
        largest = max(largest, ids.littleEndian(at: 4 * index, as: UInt32.self))
      }
    }
    return tokens == 0 ? -1 : Int(largest)
  }

  /// Where a document's tokens begin among all.
  func offset(_ document: Int) -> UInt64 {
    file.bytes.littleEndian(at: ShardFormat.headerSize + 8 * document, as: UInt64.self)
  }

  /// The number of tokens of a document.
  public func count(_ document: Int) -> Int { Int(offset(document + 1) - offset(document)) }

  /// The tokens of a document, without special ones.
  public func document(_ document: Int) -> [Int32] { ids(document, 0..<count(document)) }

  /// Some of the tokens of a document.
  public func ids(_ document: Int, _ range: Range<Int>) -> [Int32] {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count(document),
      "tokens \(range) of a document of \(count(document))")
    let start = Int(offset(document)) + range.lowerBound
    let file = self.file
    let place = format.idsStart + format.idSize * start
    let bytes = file.bytes.extracting(place..<place + format.idSize * range.count)
    var ids: [Int32] = []
    ids.reserveCapacity(range.count)
    if format.idSize == 2 {
      for index in 0..<range.count {
        ids.append(Int32(bytes.littleEndian(at: 2 * index, as: UInt16.self)))
      }
    } else {
      for index in 0..<range.count {
        ids.append(bytes.littleEndian(at: 4 * index, as: Int32.self))
      }
    }
    return ids
  }

  /// Which document of the corpus this is.
  public func id(of document: Int) -> DocumentID {
    let place = format.referencesStart + ShardFormat.referenceSize * document
    func field(_ index: Int) -> Int {
      Int(file.bytes.littleEndian(at: place + 4 * index, as: UInt32.self))
    }
    return DocumentID(version: field(0), file: field(1), ordinal: field(2))
  }

  /// The release level of a document.
  public func level(_ document: Int) -> ReleaseLevel {
    let place = format.referencesStart + ShardFormat.referenceSize * document
    return ReleaseLevel(code: file.bytes.littleEndian(at: place + 12, as: UInt8.self)) ?? .LZ
  }
}
