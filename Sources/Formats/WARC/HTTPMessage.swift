import Base

/// An HTTP answer as a crawler stored it.
struct HTTPMessage {
  let status: Int
  /// Names in lower case.
  let fields: [String: String]
  private let raw: ArraySlice<UInt8>

  /// The most plain bytes of a body.
  private static let bodyLimit = 1 << 26

  /// Takes an answer apart; nil if it has no head.
  init?(_ bytes: [UInt8]) {
    var lines: [String] = []
    var start = 0
    while true {
      guard lines.count < 1000, let end = bytes[start...].firstIndex(of: 0x0A) else { return nil }
      var line = bytes[start..<end]
      if line.last == 0x0D { line.removeLast() }
      start = end + 1
      if line.isEmpty { break }
      lines.append(String(decoding: line, as: UTF8.self))
    }
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, words[0].hasPrefix("HTTP/"), let status = Int(words[1]) else {
      return nil
    }
    self.status = status
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      if let (name, value) = Self.field(line), fields[name] == nil { fields[name] = value }
    }
    self.fields = fields
    raw = bytes[start...]
  }

  /// The type of the body, as `text/html`.
  var mediaType: String {
    Self.trimmed(String((fields["content-type"] ?? "").prefix { $0 != ";" })).lowercased()
  }

  /// The encoding that the server said the text has.
  var charset: String? { Self.charset(of: fields["content-type"] ?? "") }

  static func charset(of contentType: String) -> String? {
    for part in contentType.split(separator: ";").dropFirst() {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, trimmed(String(sides[0])).lowercased() == "charset" else { continue }
      let name = trimmed(String(sides[1])).filter { $0 != "\"" && $0 != "'" }
      return name.isEmpty || name.utf8.count > 40 ? nil : name
    }
    return nil
  }

  /// The body without its transfer and content encodings.
  ///
  /// - Throws: ``Failure`` if it is damaged, or compressed in a way that is not read.
  func body() throws(Failure) -> [UInt8] {
    var body = Array(raw)
    // Crawlers that store the decoded body often leave the field of the encoded one.
    if fields["transfer-encoding"]?.lowercased().contains("chunked") == true,
      let plain = Self.unchunked(body)
    {
      body = plain
    }
    switch fields["content-encoding"]?.lowercased() {
    case "gzip", "x-gzip": return body.starts(with: [0x1F, 0x8B]) ? try Self.inflated(body) : body
    case nil, "", "identity": return body
    case let other?:
      // Whether it is still compressed shows in whether it is text.
      guard String(validating: body, as: UTF8.self) != nil else {
        throw Failure(
          "a body in the encoding \(Sanitiser.visible(other))", remedy: "Decode it first.")
      }
      return body
    }
  }

  private static func inflated(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
    let decoder = try GzipDecoder()
    var position = 0
    var plain: [UInt8] = []
    while position < bytes.count, !decoder.isComplete {
      let before = (position, plain.count)
      do { try decoder.decode(bytes, from: &position, into: &plain, room: 1 << 18) } catch {
        throw Failure("a body of damaged gzip: \(error.reason)", remedy: "Leave it out.")
      }
      guard plain.count <= bodyLimit else {
        throw Failure("a body of more than \(Format.bytes(bodyLimit))", remedy: "Leave it out.")
      }
      if (position, plain.count) == before { break }
    }
    guard decoder.isComplete else {
      throw Failure("a body of gzip that is cut off", remedy: "Leave it out.")
    }
    return plain
  }

  /// The chunks joined (RFC 9112, 7.1); nil if these are none.
  private static func unchunked(_ bytes: [UInt8]) -> [UInt8]? {
    var plain: [UInt8] = []
    var start = 0
    while true {
      guard let end = bytes[start...].firstIndex(of: 0x0A) else { return nil }
      let digits = String(decoding: bytes[start..<end], as: UTF8.self).prefix { $0.isHexDigit }
      guard let size = Int(digits, radix: 16) else { return nil }
      start = end + 1
      if size == 0 { return plain }
      guard size <= bytes.count - start else { return nil }
      plain += bytes[start..<start + size]
      start += size
      guard bytes[start...].starts(with: [0x0D, 0x0A]) else { return nil }
      start += 2
    }
  }

  /// Name, in lower case, and value of a head's line; nil if it is none.
  static func field(_ line: String) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else { return nil }
    return (
      trimmed(String(line[..<colon])).lowercased(),
      trimmed(String(line[line.index(after: colon)...]))
    )
  }

  /// A text without white space around it.
  static func trimmed(_ text: String) -> String {
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
