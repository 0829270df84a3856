/// Makes blocks of text out of a page's nodes.
struct HTMLBlockBuilder {
  private(set) var blocks: [HTMLBlock] = []
  private(set) var title = ""
  private(set) var language: String?

  private var block = HTMLBlock()
  /// The elements around, each with its depth and what it brought.
  private var around: [(depth: Int, role: Role)] = []
  private var skipping = 0, linking = 0, inMain = 0, preformatted = 0, inTitle = 0

  /// What an element does to the text in it.
  private enum Role {
    case inline, skipped, link, main, preformatted, title, block
    case heading
  }

  /// Elements whose content is not what a page says.
  private static let skipped: Set<String> = [
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "nav",
    "footer", "aside", "form", "button", "select", "textarea", "input", "dialog", "menu", "audio",
    "video", "figure", "map",
  ]
  private static let skippedRoles: Set<String> = [
    "navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog",
  ]
  private static let blockNames: Set<String> = [
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "caption", "section", "article",
    "header", "hgroup", "address", "blockquote", "body", "center", "details", "summary", "hr",
    "thead", "tbody", "br",
  ]
  private static let headings: Set<String> = ["h1", "h2", "h3", "h4", "h5", "h6"]

  mutating func take(_ node: XMLReader.Node, _ reader: XMLReader) {
    leave(downTo: reader.depth)
    switch node {
    case .other: break
    case .text(let text): append(text)
    case .element(let name): enter(name.lowercased(), reader)
    }
  }

  private mutating func enter(_ name: String, _ reader: XMLReader) {
    if name == "html" { language = reader.attribute("lang") ?? reader.attribute("xml:lang") }
    let role = role(of: name, reader)
    switch role {
    case .inline:
      if name == "td" || name == "th" { append(" ") }
    case .skipped: skipping += 1
    case .link: linking += 1
    case .title: inTitle += 1
    case .main:
      endBlock()
      inMain += 1
    case .preformatted:
      endBlock()
      preformatted += 1
    case .block: endBlock()
    case .heading:
      endBlock()
      block.isHeading = true
    }
    around.append((reader.depth, role))
  }

  private func role(of name: String, _ reader: XMLReader) -> Role {
    if name == "title" { return skipping == 0 && inMain == 0 ? .title : .skipped }
    if Self.skipped.contains(name) || reader.attribute("hidden") != nil
      || reader.attribute("aria-hidden") == "true"
      || Self.skippedRoles.contains(reader.attribute("role") ?? "")
    {
      return .skipped
    }
    switch name {
    case "a": return .link
    case "main", "article": return .main
    case "pre": return .preformatted
    default:
      if reader.attribute("role") == "main" { return .main }
      return Self.headings.contains(name)
        ? .heading : Self.blockNames.contains(name) ? .block : .inline
    }
  }

  /// Ends the elements at that depth and deeper.
  private mutating func leave(downTo depth: Int) {
    while let last = around.last, last.depth >= depth {
      around.removeLast()
      switch last.role {
      case .inline: break
      case .skipped: skipping -= 1
      case .link: linking -= 1
      case .title: inTitle -= 1
      case .main:
        endBlock()
        inMain -= 1
      case .preformatted:
        endBlock()
        preformatted -= 1
      case .block, .heading: endBlock()
      }
    }
  }

  private mutating func append(_ text: String) {
    if inTitle > 0 {
      if title.isEmpty { title = HTMLBlock.collapsed(text) }
      return
    }
    guard skipping == 0 else { return }
    block.add(text, isLinked: linking > 0)
  }

  /// Ends the block that is being filled.
  mutating func endBlock() {
    block.isInMain = inMain > 0
    block.finish(keepingLines: preformatted > 0)
    if !block.text.isEmpty { blocks.append(block) }
    block = HTMLBlock()
  }
}
