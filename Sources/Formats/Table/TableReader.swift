public import Base

/// The documents of a CSV or TSV file: the column `text` or `content` of each row; the others go with it.
///
/// CSV as RFC 4180 has it: quoted fields may hold separators, newlines and doubled quotes. In TSV nothing is
/// quoted; `\t`, `\n`, `\r` and `\\` stand for what they do in its registered form.
public struct TableReader: DocumentReader {
  public enum Style: Sendable {
    case commas, tabs
  }

  /// The most bytes of a row.
  static let rowLimit = 1 << 26

  private let path: Path
  private let style: Style
  private var buffer: ContentBuffer
  private var columns: [String] = []
  private var textColumn = 0
  private var number = 0
  /// Whether invalid UTF-8 of the row read last was replaced.
  private var repaired = false

  public var consumed: Int { buffer.consumed }

  /// Opens a file and reads its first row, which names the columns.
  ///
  /// - Throws: ``Failure`` if no column is called `text` or `content`.
  public init(_ path: Path, style: Style) throws(Failure) {
    self.path = path
    self.style = style
    buffer = ContentBuffer(try ContentReader(path))
    var names = try row() ?? []
    if names.first?.unicodeScalars.first == "\u{FEFF}" { names[0].unicodeScalars.removeFirst() }
    guard let place = names.firstIndex(of: "text") ?? names.firstIndex(of: "content") else {
      throw Failure(
        "\(path): its first row names no column text or content",
        remedy: "Name the column with the documents text.")
    }
    guard Set(names).count == names.count else {
      throw Failure("\(path): its first row names a column twice", remedy: "Rename one.")
    }
    columns = names
    textColumn = place
  }

  public mutating func next() throws(Failure) -> SourceDocument? {
    while let values = try row() {
      number += 1
      if values == [""] { continue }
      guard values.count == columns.count else {
        return SourceDocument(
          number, .skipped(reason: "\(values.count) fields for \(columns.count) columns"))
      }
      var fields: [(key: String, value: JSON)] = []
      for place in columns.indices where place != textColumn {
        fields.append((columns[place], JSON(values[place])))
      }
      return SourceDocument(number, .text(values[textColumn]), fields: fields, isRepaired: repaired)
    }
    return nil
  }

  /// The next row's fields; nil at the end of the file.
  private mutating func row() throws(Failure) -> [String]? {
    repaired = false
    guard var line = try buffer.line(limit: Self.rowLimit) else { return nil }
    guard style == .commas else {
      return line.split(separator: 0x09, omittingEmptySubsequences: false).map {
        unescaped(text(Array($0)))
      }
    }
    // A quoted field may go on in the next lines: quotes are balanced where a row ends.
    var isOpen = Self.hasOddQuotes(line)
    while isOpen {
      guard let more = try buffer.line(limit: Self.rowLimit) else {
        throw Failure(
          "\(path): a quoted field in row \(number + 1) has no end", remedy: "Close the quotes.")
      }
      line += [0x0A] + more
      if Self.hasOddQuotes(more) { isOpen = false }
      guard line.count <= Self.rowLimit else {
        throw Failure(
          "\(path): row \(number + 1) has more than \(Format.bytes(Self.rowLimit))",
          remedy: "Close the quotes, or cut the row.")
      }
    }
    return fields(of: line)
  }

  private static func hasOddQuotes(_ bytes: [UInt8]) -> Bool {
    bytes.count { $0 == 0x22 } % 2 == 1
  }

  private mutating func fields(of line: [UInt8]) -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var place = 0
    while place < line.count {
      let byte = line[place]
      place += 1
      switch byte {
      case 0x22 where isQuoted && place < line.count && line[place] == 0x22:
        field.append(byte)
        place += 1
      case 0x22: isQuoted.toggle()
      case 0x2C where !isQuoted:
        fields.append(text(field))
        field = []
      default: field.append(byte)
      }
    }
    fields.append(text(field))
    return fields
  }

  private mutating func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    repaired = true
    return String(decoding: bytes, as: UTF8.self)
  }

  private func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    var result = ""
    var isEscape = false
    for character in text {
      guard isEscape else {
        if character == "\\" { isEscape = true } else { result.append(character) }
        continue
      }
      isEscape = false
      switch character {
      case "t": result.append("\t")
      case "n": result.append("\n")
      case "r": result.append("\r")
      case "\\": result.append("\\")
      default: result += "\\" + String(character)
      }
    }
    return isEscape ? result + "\\" : result
  }
}
