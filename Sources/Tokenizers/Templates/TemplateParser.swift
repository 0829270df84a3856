/// Reads a template's tokens into a tree: the subset of Jinja that chat templates are written in.
struct TemplateParser {
  var tokens: [TemplateToken]
  var at = 0
  var depth = 0
  var links = 0

  /// The deepest nesting of blocks and of expressions.
  static let depthLimit = 64
  /// The most operations in one tag.
  static let linkLimit = 200

  private init(_ tokens: [TemplateToken]) { self.tokens = tokens }

  /// The tree of a template's source.
  static func parse(_ source: String) throws(TemplateError) -> [TemplateNode] {
    var parser = TemplateParser(try TemplateLexer.tokens(source))
    let (body, end) = try parser.body(until: [])
    guard end == nil else { throw parser.failure("has a stray \(end ?? "")") }
    return body
  }

  var token: TemplateToken { tokens[at] }

  func failure(_ reason: String) -> TemplateError {
    TemplateError(line: token.line, reason: reason)
  }

  mutating func take(symbol: String) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    at += 1
    return true
  }

  mutating func take(name: String) -> Bool {
    guard token.kind == .name(name) else { return false }
    at += 1
    return true
  }

  mutating func expect(symbol: String) throws(TemplateError) {
    guard take(symbol: symbol) else { throw failure("lacks a \"\(symbol)\"") }
  }

  private mutating func expect(_ kind: TemplateToken.Kind, _ what: String) throws(TemplateError) {
    guard token.kind == kind else { throw failure("lacks \(what)") }
    at += 1
  }

  mutating func name() throws(TemplateError) -> String {
    guard case .name(let name) = token.kind else { throw failure("lacks a name") }
    at += 1
    return name
  }

  mutating func enter() throws(TemplateError) {
    depth += 1
    guard depth <= Self.depthLimit else {
      throw failure("is nested more than \(Self.depthLimit) deep")
    }
  }

  // MARK: Blocks

  /// Nodes up to a block whose name is in `ends`, which is taken together with its name.
  private mutating func body(
    until ends: [String]
  ) throws(TemplateError) -> ([TemplateNode], end: String?) {
    try enter()
    defer { depth -= 1 }
    var nodes: [TemplateNode] = []
    while true {
      switch token.kind {
      case .end:
        guard ends.isEmpty else { throw failure("lacks {% \(ends.last ?? "") %}") }
        return (nodes, nil)
      case .text(let text):
        nodes.append(.text(text))
        at += 1
      case .outputBegin:
        at += 1
        links = 0
        nodes.append(.output(try expression()))
        try expect(.outputEnd, "}}")
      case .blockBegin:
        at += 1
        links = 0
        let word = try name()
        if ends.contains(word) { return (nodes, word) }
        nodes.append(try block(word))
      default: throw failure("has something that does not belong here")
      }
    }
  }

  private mutating func endBlock() throws(TemplateError) { try expect(.blockEnd, "%}") }

  private mutating func block(_ word: String) throws(TemplateError) -> TemplateNode {
    switch word {
    case "if": return try branch()
    case "for": return try loop()
    case "set": return try assignment()
    case "break":
      try endBlock()
      return .leave
    case "continue":
      try endBlock()
      return .next
    case "generation":
      try endBlock()
      let (body, _) = try body(until: ["endgeneration"])
      try endBlock()
      return .group(body)
    default: throw failure("uses {% \(word) %}, which is not supported")
    }
  }

  private mutating func branch() throws(TemplateError) -> TemplateNode {
    var branches: [(condition: TemplateExpression?, body: [TemplateNode])] = []
    var condition: TemplateExpression? = try expression()
    while true {
      try endBlock()
      let (nodes, end) = try body(until: ["elif", "else", "endif"])
      branches.append((condition, nodes))
      switch end {
      case "elif" where condition != nil: condition = try expression()
      case "else" where condition != nil: condition = nil
      case "endif":
        try endBlock()
        return .branch(branches)
      default: throw failure("has a branch after {% else %}")
      }
    }
  }

  private mutating func loop() throws(TemplateError) -> TemplateNode {
    let line = token.line
    var names = [try name()]
    while take(symbol: ",") { names.append(try name()) }
    guard take(name: "in") else { throw failure("lacks \"in\"") }
    // Without the choice, because "if" here is the loop's own.
    let list = try either()
    let filter = take(name: "if") ? try expression() : nil
    try endBlock()
    var (nodes, end) = try body(until: ["else", "endfor"])
    var otherwise: [TemplateNode] = []
    if end == "else" {
      try endBlock()
      (otherwise, end) = try body(until: ["endfor"])
    }
    try endBlock()
    let loop = TemplateNode.loop(
      names: names, over: list, where: filter, body: nodes, otherwise: otherwise, line: line)
    nodes = []
    return loop
  }

  private mutating func assignment() throws(TemplateError) -> TemplateNode {
    let line = token.line
    let name = try name()
    let attribute = take(symbol: ".") ? try self.name() : nil
    if take(symbol: "=") {
      let value = try expressionList()
      try endBlock()
      return .set(name: name, attribute: attribute, value, line: line)
    }
    guard attribute == nil else { throw failure("lacks a \"=\"") }
    try endBlock()
    let (nodes, _) = try body(until: ["endset"])
    try endBlock()
    return .capture(name: name, body: nodes)
  }
}
