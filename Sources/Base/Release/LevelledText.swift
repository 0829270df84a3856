/// The text of a document together with its release level.
///
/// The text comes out only for a purpose that the level allows; only counts are free.
public struct LevelledText: Sendable {
  public let level: ReleaseLevel
  private let content: String

  /// Puts `text` under `level`. Of a text of level LZ nothing is kept.
  public init(_ text: String, level: ReleaseLevel) {
    self.level = level
    characters = text.unicodeScalars.count
    bytes = text.utf8.count
    content = level == .LZ ? "" : text
  }

  /// The number of Unicode characters (scalars).
  public let characters: Int
  /// The number of bytes as UTF-8.
  public let bytes: Int

  /// The text, if its level allows `purpose`.
  ///
  /// - Throws: ``Withheld`` otherwise.
  public func text(for purpose: Purpose) throws(Withheld) -> String {
    guard level.allows(purpose) else { throw Withheld(level: level, purpose: purpose) }
    return content
  }
}

/// Printing, dumping and looking inside give the counts, never the text: a careless log line must
/// not get around the level.
extension LevelledText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "text of level \(level.rawValue), \(characters) characters" }
  public var debugDescription: String { description }
  public var customMirror: Mirror {
    Mirror(self, children: ["level": level, "characters": characters])
  }
}

/// A text was asked for a purpose that its release level forbids.
public struct Withheld: Diagnosis, Equatable {
  public let level: ReleaseLevel
  public let purpose: Purpose

  public var problem: String {
    "a document of level \(level.rawValue) may not be used to \(purpose.rawValue)"
  }
  public var remedy: String { "Choose documents whose release level allows it." }
}
