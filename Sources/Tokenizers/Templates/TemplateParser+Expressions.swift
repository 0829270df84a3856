/// Expressions, from the loosest to the tightest.
extension TemplateParser {
  mutating func expressionList() throws(TemplateError) -> TemplateExpression {
    let first = try expression()
    guard take(symbol: ",") else { return first }
    var all = [first]
    while token.kind != .blockEnd, token.kind != .symbol(")") {
      all.append(try expression())
      guard take(symbol: ",") else { break }
    }
    return TemplateExpression(form: .list(all), line: first.line)
  }

  mutating func expression() throws(TemplateError) -> TemplateExpression {
    try enter()
    defer { depth -= 1 }
    var value = try either()
    while take(name: "if") {
      let condition = try either()
      let otherwise = take(name: "else") ? try expression() : nil
      value = try make(.choice(value, if: condition, otherwise: otherwise), value)
    }
    return value
  }

  mutating func either() throws(TemplateError) -> TemplateExpression {
    var left = try both()
    while take(name: "or") { left = try make(.either(left, try both()), left) }
    return left
  }

  private mutating func both() throws(TemplateError) -> TemplateExpression {
    var left = try negation()
    while take(name: "and") { left = try make(.both(left, try negation()), left) }
    return left
  }

  private mutating func negation() throws(TemplateError) -> TemplateExpression {
    let line = token.line
    guard take(name: "not") else { return try comparison() }
    try enter()
    defer { depth -= 1 }
    return TemplateExpression(form: .not(try negation()), line: line)
  }

  /// An expression that goes on from `left`, which it holds: what is longer than the limit would
  /// also be deeper than the stack.
  private mutating func make(
    _ form: TemplateExpression.Form, _ left: TemplateExpression
  ) throws(TemplateError) -> TemplateExpression {
    links += 1
    guard links <= Self.linkLimit else {
      throw failure("has an expression of more than \(Self.linkLimit) operations")
    }
    return TemplateExpression(form: form, line: left.line)
  }

  private mutating func comparison() throws(TemplateError) -> TemplateExpression {
    var left = try sum()
    while true {
      if case .symbol(let symbol) = token.kind,
        ["==", "!=", "<", "<=", ">", ">="].contains(symbol)
      {
        at += 1
        left = try make(.binary(symbol, left, try sum()), left)
      } else if take(name: "in") {
        left = try make(.binary("in", left, try sum()), left)
      } else if token.kind == .name("not"), tokens[at + 1].kind == .name("in") {
        at += 2
        left = try make(.not(make(.binary("in", left, try sum()), left)), left)
      } else {
        return left
      }
    }
  }

  private mutating func sum() throws(TemplateError) -> TemplateExpression {
    var left = try joined()
    while case .symbol(let symbol) = token.kind, symbol == "+" || symbol == "-" {
      at += 1
      left = try make(.binary(symbol, left, try joined()), left)
    }
    return left
  }

  private mutating func joined() throws(TemplateError) -> TemplateExpression {
    var left = try product()
    while take(symbol: "~") { left = try make(.binary("~", left, try product()), left) }
    return left
  }

  private mutating func product() throws(TemplateError) -> TemplateExpression {
    var left = try unary()
    while case .symbol(let symbol) = token.kind, ["*", "/", "//", "%"].contains(symbol) {
      at += 1
      left = try make(.binary(symbol, left, try unary()), left)
    }
    return left
  }

  private mutating func unary(takesFilters: Bool = true) throws(TemplateError) -> TemplateExpression
  {
    let line = token.line
    var value: TemplateExpression
    if take(symbol: "-") {
      try enter()
      defer { depth -= 1 }
      value = TemplateExpression(form: .negative(try unary(takesFilters: false)), line: line)
    } else if take(symbol: "+") {
      try enter()
      defer { depth -= 1 }
      value = try unary(takesFilters: false)
    } else {
      value = try postfix(try primary())
    }
    while takesFilters {
      if take(symbol: "|") {
        let filter = try name()
        value = try make(.filter(value, filter, try arguments()), value)
      } else if take(name: "is") {
        value = try test(value)
      } else if token.kind == .symbol("(") {
        value = try make(.call(value, try arguments()), value)
      } else {
        break
      }
    }
    return value
  }

  private mutating func test(_ value: TemplateExpression) throws(TemplateError)
    -> TemplateExpression
  {
    let isNegated = take(name: "not")
    let test = try name()
    var given: [TemplateArgument] = []
    switch token.kind {
    case .symbol("("): given = try arguments()
    case .string, .integer, .number, .symbol("["):
      given = [TemplateArgument(name: nil, value: try postfix(try primary()))]
    case .name(let word) where !["and", "or", "else", "if", "is", "in", "not"].contains(word):
      given = [TemplateArgument(name: nil, value: try postfix(try primary()))]
    default: break
    }
    return try make(.test(value, test, given, isNegated: isNegated), value)
  }

  private mutating func postfix(_ start: TemplateExpression) throws(TemplateError)
    -> TemplateExpression
  {
    var value = start
    while true {
      if take(symbol: ".") {
        if case .integer(let index) = token.kind {
          at += 1
          let place = TemplateExpression(form: .value(.integer(index)), line: value.line)
          value = try make(.element(value, place), value)
        } else {
          value = try make(.member(value, try name()), value)
        }
      } else if take(symbol: "[") {
        value = try subscripted(value)
      } else if token.kind == .symbol("(") {
        value = try make(.call(value, try arguments()), value)
      } else {
        return value
      }
    }
  }

  private mutating func subscripted(_ value: TemplateExpression) throws(TemplateError)
    -> TemplateExpression
  {
    var parts: [TemplateExpression?] = [nil]
    while !take(symbol: "]") {
      if take(symbol: ":") {
        parts.append(nil)
      } else {
        parts[parts.count - 1] = try expression()
      }
      guard parts.count <= 3 else { throw failure("has a slice of too many parts") }
    }
    if parts.count == 1 {
      guard let index = parts[0] else { throw failure("has an empty []") }
      return try make(.element(value, index), value)
    }
    return try make(.slice(value, parts[0], parts[1], parts.count > 2 ? parts[2] : nil), value)
  }

  private mutating func arguments() throws(TemplateError) -> [TemplateArgument] {
    guard take(symbol: "(") else { return [] }
    var list: [TemplateArgument] = []
    while !take(symbol: ")") {
      if case .name(let name) = token.kind, tokens[at + 1].kind == .symbol("=") {
        at += 2
        list.append(TemplateArgument(name: name, value: try expression()))
      } else {
        list.append(TemplateArgument(name: nil, value: try expression()))
      }
      guard take(symbol: ",") || token.kind == .symbol(")") else { throw failure("lacks a \")\"") }
    }
    return list
  }

  private mutating func primary() throws(TemplateError) -> TemplateExpression {
    let line = token.line
    func plain(_ value: TemplateValue) -> TemplateExpression {
      TemplateExpression(form: .value(value), line: line)
    }
    switch token.kind {
    case .string(var text):
      at += 1
      // Strings side by side are one.
      while case .string(let more) = token.kind {
        text += more
        at += 1
      }
      return plain(.string(text))
    case .integer(let value):
      at += 1
      return plain(.integer(value))
    case .number(let value):
      at += 1
      return plain(.number(value))
    case .name(let name):
      at += 1
      switch name {
      case "true", "True": return plain(.bool(true))
      case "false", "False": return plain(.bool(false))
      case "none", "None": return plain(.none)
      case "and", "or", "else", "if", "is", "in":
        throw failure("has \"\(name)\" where a value belongs")
      default: return TemplateExpression(form: .name(name), line: line)
      }
    case .symbol("("):
      at += 1
      if take(symbol: ")") { return TemplateExpression(form: .list([]), line: line) }
      let inner = try expressionList()
      try expect(symbol: ")")
      return inner
    case .symbol("["):
      at += 1
      var items: [TemplateExpression] = []
      while !take(symbol: "]") {
        items.append(try expression())
        guard take(symbol: ",") || token.kind == .symbol("]") else {
          throw failure("lacks a \"]\"")
        }
      }
      return TemplateExpression(form: .list(items), line: line)
    case .symbol("{"):
      at += 1
      var items: [(TemplateExpression, TemplateExpression)] = []
      while !take(symbol: "}") {
        let key = try expression()
        try expect(symbol: ":")
        items.append((key, try expression()))
        guard take(symbol: ",") || token.kind == .symbol("}") else {
          throw failure("lacks a \"}\"")
        }
      }
      return TemplateExpression(form: .dictionary(items), line: line)
    default: throw failure("lacks a value")
    }
  }
}
