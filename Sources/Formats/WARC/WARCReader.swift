public import Base

/// Reads the records of a WARC or WET file one by one, compressed or not.
public struct WARCReader {
  /// The most bytes of a record's head.
  static let headLimit = 1 << 20
  /// The most bytes of a block that is kept.
  public static let blockLimit = 1 << 26

  public let path: Path
  private var buffer: ContentBuffer
  private var number = 0
  /// What of the current record's block was not taken.
  private var left = 0

  /// How far the reading has come, in bytes of the file.
  public var consumed: Int { buffer.consumed }

  /// Opens a file.
  ///
  /// - Parameter offset: where to begin, the ``WARCRecord/offset`` of a record.
  /// - Throws: ``Failure`` if it cannot be read.
  public init(
    _ path: Path, at offset: Int = 0, decompression: DecompressionLimits = DecompressionLimits()
  ) throws(Failure) {
    self.path = path
    buffer = ContentBuffer(try ContentReader(path, at: offset, limits: decompression))
  }

  /// The next record's head, nil after the last. What was not taken of the one before is passed over.
  ///
  /// - Throws: ``Failure`` naming the record and the field that is wrong.
  public mutating func next() throws(Failure) -> WARCRecord? {
    if number > 0 { try finish() }
    number += 1
    let offset = try buffer.fileOffset()
    guard let first = try buffer.line(limit: Self.headLimit) else { return nil }
    let version = String(decoding: first, as: UTF8.self)
    guard version.hasPrefix("WARC/0.1") || version.hasPrefix("WARC/1.") else {
      throw malformed("does not begin with WARC/1.0 or another known version")
    }
    let fields = try head()
    guard let text = fields["content-length"], let length = Int(text), length >= 0 else {
      throw malformed("has no valid Content-Length")
    }
    left = length
    return WARCRecord(number: number, fields: fields, length: length, offset: offset)
  }

  /// The block of the record that ``next()`` gave last; nil if it is larger than ``blockLimit``.
  ///
  /// - Throws: ``Failure`` if the file ends within it.
  public mutating func block() throws(Failure) -> [UInt8]? {
    guard left <= Self.blockLimit else { return nil }
    let wanted = left
    let bytes = try buffer.bytes(wanted)
    left -= bytes.count
    guard left == 0 else { throw malformed("ends after \(bytes.count) of \(wanted) bytes") }
    return bytes
  }

  /// Every record's head.
  ///
  /// - Throws: ``Failure`` naming the record that is wrong.
  public static func index(_ path: Path) throws(Failure) -> [WARCRecord] {
    var reader = try WARCReader(path)
    var records: [WARCRecord] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }

  /// Passes over the rest of the block and the two empty lines after it.
  private mutating func finish() throws(Failure) {
    let wanted = left
    let passed = try buffer.skip(wanted)
    left = 0
    guard passed == wanted else { throw malformed("lacks \(wanted - passed) bytes of its block") }
    guard try !buffer.isAtEnd() else { return }
    let end = try buffer.bytes(4)
    guard end == Array("\r\n\r\n".utf8) else {
      throw malformed("does not end with two empty lines where its Content-Length says")
    }
  }

  private mutating func head() throws(Failure) -> [String: String] {
    var fields: [String: String] = [:]
    var size = 0
    var last: String?
    while true {
      guard let line = try buffer.line(limit: Self.headLimit) else {
        throw malformed("ends within its head")
      }
      if line.isEmpty { return fields }
      size += line.count
      guard size <= Self.headLimit else {
        throw malformed("has a head of more than \(Format.bytes(Self.headLimit))")
      }
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix(" ") || text.hasPrefix("\t"), let last {
        fields[last, default: ""] += " " + HTTPMessage.trimmed(text)
        continue
      }
      guard let (name, value) = HTTPMessage.field(text) else {
        throw malformed("has the line \(Sanitiser.visible(String(text.prefix(40)))) in its head")
      }
      if fields[name] == nil { fields[name] = value }
      last = name
    }
  }

  private func malformed(_ problem: String) -> Failure {
    Failure(
      "\(path): record \(number) \(problem)",
      remedy: "Copy the file again, or cut it before that record.")
  }
}
