public import Base

/// A document as a file of some format holds it.
public struct SourceDocument: Sendable {
  public enum Content: Sendable, Equatable {
    case text(String)
    /// It is none that can be read; why, without quoting it.
    case skipped(reason: String)
  }

  /// Its place in the file, from 1: of its record, page or row.
  public let number: Int
  public let content: Content
  /// What else the file says of it, as its address.
  public let fields: [(key: String, value: JSON)]
  /// Whether invalid UTF-8 was replaced by U+FFFD.
  public let isRepaired: Bool

  public init(
    _ number: Int, _ content: Content, fields: [(key: String, value: JSON)] = [],
    isRepaired: Bool = false
  ) {
    self.number = number
    self.content = content
    self.fields = fields
    self.isRepaired = isRepaired
  }
}

/// Hands out the documents of a file one by one; memory is that of one document.
public protocol DocumentReader {
  /// The next document, nil after the last.
  ///
  /// - Throws: ``Failure`` naming file and place, if the file is damaged; what came before is sound.
  mutating func next() throws(Failure) -> SourceDocument?

  /// How far the reading has come, in bytes of the file.
  var consumed: Int { get }
}
