public import Base

/// The articles of a MediaWiki XML dump (export-0.3 to 0.11, `pages-articles.xml`), compressed or not.
///
/// Only pages of the main namespace that are no redirects are documents; of several revisions the last.
public struct MediaWikiDocuments: DocumentReader {
  private let path: Path
  private let content: ContentReader
  private let reader: XMLReader
  private var number = 0
  private var page = Page()
  /// The elements around, by their names.
  private var around: [String] = []

  /// What was read of a page.
  private struct Page {
    var title = "", namespace = "", id = "", text = ""
    var isRedirect = false
    /// Bytes of all that is kept.
    var size = 0
  }

  /// The most bytes of a page.
  private static let pageLimit = 1 << 26

  public var consumed: Int { content.consumed }

  /// Opens a dump.
  public init(_ path: Path) throws(Failure) {
    self.path = path
    content = try ContentReader(path)
    reader = try XMLReader(xml: content)
  }

  public mutating func next() throws(Failure) -> SourceDocument? {
    while true {
      let node: XMLReader.Node?
      do { node = try reader.next() } catch {
        guard !error.problem.contains(path.string) else { throw error }
        throw Failure("\(path): \(error.problem)", remedy: error.remedy)
      }
      let depth = node == nil ? 0 : reader.depth
      let pageEnds = around.count > 1 && around[1] == "page" && depth <= 1
      while around.count > depth { around.removeLast() }
      let ended = pageEnds ? page : nil
      if case .element(let name)? = node { try enter(name) }
      if case .text(let text)? = node { take(text) }
      if let ended {
        number += 1
        if let document = document(ended) { return document }
      }
      if node == nil { return nil }
    }
  }

  private mutating func enter(_ name: String) throws(Failure) {
    if around.isEmpty, name != "mediawiki" {
      throw Failure(
        "\(path) is no MediaWiki dump: it begins with <\(Sanitiser.visible(name))>",
        remedy: "Name a pages-articles.xml.")
    }
    around.append(name)
    switch around.dropFirst() {
    case ["page"]: page = Page()
    case ["page", "redirect"]: page.isRedirect = true
    case ["page", "revision"]:
      page.size -= page.text.utf8.count
      page.text = ""
    default: break
    }
  }

  private mutating func take(_ text: String) {
    let field: WritableKeyPath<Page, String>
    switch around.dropFirst() {
    case ["page", "title"]: field = \.title
    case ["page", "ns"]: field = \.namespace
    case ["page", "id"]: field = \.id
    case ["page", "revision", "text"]: field = \.text
    default: return
    }
    page.size += text.utf8.count
    if page.size <= Self.pageLimit { page[keyPath: field] += text }
  }

  private func document(_ page: Page) -> SourceDocument? {
    guard page.namespace == "0" || page.namespace.isEmpty, !page.isRedirect else { return nil }
    guard page.size <= Self.pageLimit else {
      return SourceDocument(
        number, .skipped(reason: "a page of more than \(Format.bytes(Self.pageLimit))"))
    }
    let text = WikiText.plain(page.text)
    let fields: [(key: String, value: JSON)] = [
      ("title", JSON(page.title)), ("page_id", JSON(page.id)),
    ]
    guard !text.isEmpty else {
      return SourceDocument(number, .skipped(reason: "a page without text"), fields: fields)
    }
    return SourceDocument(number, .text(text), fields: fields)
  }
}
