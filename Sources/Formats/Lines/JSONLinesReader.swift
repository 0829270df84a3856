public import Base

/// One line of a JSON lines file.
public struct JSONLine: Sendable {
  public enum Content: Equatable, Sendable {
    case value(JSON)
    /// The line is no JSON; why.
    case malformed(reason: String)
  }

  /// From 1.
  public let number: Int
  public let content: Content
  /// What was replaced by U+FFFD, if anything was.
  public let repair: LineRepair?
}

/// Why some of a line became U+FFFD.
public enum LineRepair: String, Sendable {
  case invalidUTF8 = "invalid UTF-8 became U+FFFD"
  case loneSurrogate = "half of a surrogate pair became U+FFFD"
}

/// Reads JSON lines, plain or compressed; a bad line costs that line only.
///
/// A file read as it was written needs memory for its longest line and that line's tree, at most 40
/// times as large.
public struct JSONLinesReader: ~Copyable {
  /// The longest line in bytes.
  public static let lineLimit = 1 << 26

  public let path: Path
  private var lines: LineReader

  /// How far the reading has come, in bytes of the file.
  public var consumed: Int { lines.consumed }

  /// Opens a file.
  public init(
    _ path: Path, lineLimit: Int = lineLimit,
    decompression: DecompressionLimits = DecompressionLimits()
  ) throws(Failure) {
    self.path = path
    lines = try LineReader(path, limit: lineLimit, decompression: decompression)
  }

  /// The next line that is not blank, `nil` after the last.
  ///
  /// - Throws: ``Failure`` naming the file and the line, if the file is damaged or unreadable.
  public mutating func next() throws(Failure) -> JSONLine? {
    while let line = try nextLine() {
      switch line {
      case .tooLong(let length):
        return malformed("the line has \(Format.bytes(length)), more than the limit")
      case .bytes(let bytes):
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
        return parse(bytes)
      }
    }
    return nil
  }

  private mutating func nextLine() throws(Failure) -> LineReader.Line? {
    do { return try lines.next() } catch {
      throw Failure("\(error.problem) (after line \(lines.number))", remedy: error.remedy)
    }
  }

  private func malformed(_ reason: String) -> JSONLine {
    JSONLine(number: lines.number, content: .malformed(reason: reason), repair: nil)
  }

  private func parse(_ bytes: [UInt8]) -> JSONLine {
    do { return try value(bytes, repaired: false) } catch {
      guard String(validating: bytes, as: UTF8.self) == nil else {
        return malformed(error.problem)
      }
      let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
      do { return try value(repaired, repaired: true) } catch {
        return malformed(error.problem)
      }
    }
  }

  private func value(_ bytes: [UInt8], repaired: Bool) throws(JSONError) -> JSONLine {
    var loneSurrogates = 0
    let value = try JSON.parse(bytes.span, loneSurrogates: &loneSurrogates)
    return JSONLine(
      number: lines.number, content: .value(value),
      repair: repaired ? .invalidUTF8 : loneSurrogates > 0 ? .loneSurrogate : nil)
  }
}
