public import Base

/// What a page says, without what surrounds it.
///
/// Menus, heads and feet of pages, forms and scripts are left out by their elements; of the blocks that remain
/// those go that are mostly links, or too short to be a sentence and with no kept block beside them.
public struct HTMLPage: Equatable, Sendable {
  /// The largest page in bytes.
  public static let limit = 1 << 24

  public let title: String?
  /// The `lang` of the page.
  public let language: String?
  /// Its main text, a block a line; empty if there is none.
  public let text: String

  /// Reads a page.
  ///
  /// - Parameter charset: its encoding as its server said; nil: as the page says. Valid UTF-8 is taken as that
  ///   whatever is said.
  /// - Throws: ``Failure`` if it is larger than ``limit`` or no HTML at all.
  public init(_ bytes: [UInt8], charset: String? = nil) throws(Failure) {
    guard bytes.count <= Self.limit else {
      throw Failure(
        "a page of \(Format.bytes(bytes.count))",
        remedy: "Pages have at most \(Format.bytes(Self.limit)).")
    }
    // ISO-2022-JP is valid UTF-8 as well; its ESC $ begins Japanese characters.
    let switches = zip(bytes, bytes.dropFirst()).contains { $0 == (0x1B, 0x24) }
    let isUTF8 = !switches && String(validating: bytes, as: UTF8.self) != nil
    guard !bytes.isEmpty, let reader = XMLReader(html: bytes, encoding: isUTF8 ? "UTF-8" : charset)
    else {
      throw Failure("a page without any HTML", remedy: "Leave it out.")
    }
    var builder = HTMLBlockBuilder()
    while let node = try reader.next() { builder.take(node, reader) }
    builder.endBlock()
    title = builder.title.isEmpty ? nil : builder.title
    language = builder.language
    text = HTMLBlock.main(of: builder.blocks).map(\.text).joined(separator: "\n")
  }
}
