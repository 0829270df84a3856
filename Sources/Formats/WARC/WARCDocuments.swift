public import Base

/// The documents of a WARC or WET file: text of conversions, main text of answers in HTML, plain text as it is.
public struct WARCDocuments: DocumentReader {
  private var reader: WARCReader

  public var consumed: Int { reader.consumed }

  /// Opens a file.
  public init(_ path: Path) throws(Failure) { reader = try WARCReader(path) }

  public mutating func next() throws(Failure) -> SourceDocument? {
    while let record = try reader.next() {
      guard ["response", "conversion", "resource"].contains(record.type) else { continue }
      guard let block = try reader.block() else {
        return SourceDocument(
          record.number,
          .skipped(reason: "a block of \(Format.bytes(record.length)), more than the limit"))
      }
      do throws(Failure) {
        if let document = try document(record, block) { return document }
      } catch { return SourceDocument(record.number, .skipped(reason: error.problem)) }
    }
    return nil
  }

  /// The document of a record; nil if it is no text.
  private func document(_ record: WARCRecord, _ block: [UInt8]) throws(Failure) -> SourceDocument? {
    var media = HTTPMessage.trimmed(String(record.contentType.prefix { $0 != ";" }))
    var charset = HTTPMessage.charset(of: record.contentType)
    var body = block
    if media == "application/http" {
      guard let message = HTTPMessage(block) else {
        throw Failure("an answer without a head", remedy: "Leave it out.")
      }
      guard message.status == 200 else { return nil }
      (media, charset) = (message.mediaType, message.charset)
      guard ["text/html", "application/xhtml+xml", "text/plain"].contains(media) else { return nil }
      body = try message.body()
    }
    var fields: [(key: String, value: JSON)] = []
    if let target = record.target { fields.append(("url", JSON(target))) }
    if let date = record.date { fields.append(("date", JSON(date))) }
    if let id = record.fields["warc-record-id"] { fields.append(("warc_record_id", JSON(id))) }
    switch media {
    case "text/html", "application/xhtml+xml":
      let page = try HTMLPage(body, charset: charset)
      if let title = page.title { fields.append(("title", JSON(title))) }
      guard !page.text.isEmpty else {
        throw Failure("a page without main text", remedy: "Leave it out.")
      }
      return SourceDocument(record.number, .text(page.text), fields: fields)
    case "text/plain":
      let isSound = String(validating: body, as: UTF8.self) != nil
      return SourceDocument(
        record.number, .text(String(decoding: body, as: UTF8.self)), fields: fields,
        isRepaired: !isSound)
    default: return nil
    }
  }
}
