import Base

/// The name of a document: version of its corpus, file in that version, place in that file.
///
/// Written as `v0003:1:25`, as `corpus search` prints it.
public struct DocumentID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The number of the version.
  public let version: Int
  /// The number of the file, from 1.
  public let file: Int
  /// The document's place in the file, from 0.
  public let ordinal: Int

  public init(version: Int, file: Int, ordinal: Int) {
    self.version = version
    self.file = file
    self.ordinal = ordinal
  }

  /// Reads `v0003:1:25`; the `v` and leading zeros may be left out.
  public init?(_ text: String) {
    let fields = text.split(separator: ":", omittingEmptySubsequences: false)
    guard fields.count == 3, let version = parseVersion(String(fields[0])),
      let file = Int(fields[1]), let ordinal = Int(fields[2]), file > 0, ordinal >= 0
    else { return nil }
    self.init(version: version, file: file, ordinal: ordinal)
  }

  public var description: String { "\(versionName(version)):\(file):\(ordinal)" }

  public static func < (a: DocumentID, b: DocumentID) -> Bool {
    (a.version, a.file, a.ordinal) < (b.version, b.file, b.ordinal)
  }
}
