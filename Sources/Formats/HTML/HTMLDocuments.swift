public import Base

/// The one document of an HTML file: its main text.
public struct HTMLDocuments: DocumentReader {
  private let path: Path
  private let content: ContentReader
  private var isDone = false

  public var consumed: Int { content.consumed }

  /// Opens a file.
  public init(_ path: Path) throws(Failure) {
    self.path = path
    content = try ContentReader(path)
  }

  public mutating func next() throws(Failure) -> SourceDocument? {
    guard !isDone else { return nil }
    isDone = true
    var bytes: [UInt8] = []
    while try content.read(into: &bytes) > 0 {
      guard bytes.count <= HTMLPage.limit else {
        throw Failure(
          "\(path) has more than \(Format.bytes(HTMLPage.limit)) of text",
          remedy: "A file is one page: cut it into several.")
      }
    }
    do throws(Failure) {
      let page = try HTMLPage(bytes)
      guard !page.text.isEmpty else {
        return SourceDocument(1, .skipped(reason: "a page without main text"))
      }
      let title = page.title.map { [(key: "title", value: JSON($0))] } ?? []
      return SourceDocument(1, .text(page.text), fields: title)
    } catch { return SourceDocument(1, .skipped(reason: error.problem)) }
  }
}
