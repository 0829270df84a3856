import Base

/// The head of a record of a WARC file (ISO 28500), and where it lies.
public struct WARCRecord: Equatable, Sendable {
  /// Its place in the file, from 1.
  public let number: Int
  /// Names in lower case with values, in the order of the file.
  public let fields: [String: String]
  /// The bytes of its block.
  public let length: Int
  /// The byte of the file at which it begins; nil if it lies within a compressed member and cannot be sought.
  public let offset: Int?

  /// What it is, as `response` or `conversion`.
  public var type: String { fields["warc-type"] ?? "" }
  /// The address it was fetched from.
  public var target: String? { fields["warc-target-uri"] }
  /// When, as `2024-05-01T00:00:00Z`.
  public var date: String? { fields["warc-date"] }
  /// The type of its block, as `application/http; msgtype=response`.
  public var contentType: String { (fields["content-type"] ?? "").lowercased() }
}
