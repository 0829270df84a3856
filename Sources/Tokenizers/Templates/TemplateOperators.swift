/// Operators, members and elements, as Python has them.
extension TemplateInterpreter {
  mutating func combine(
    _ symbol: String, _ a: TemplateValue, _ b: TemplateValue, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    switch symbol {
    case "==": return .bool(TemplateValue.equal(a, b))
    case "!=": return .bool(!TemplateValue.equal(a, b))
    case "in": return .bool(try contains(b, a, line))
    case "~": return try string(a.text + b.text, line)
    case "<", "<=", ">", ">=": return .bool(try ordered(symbol, a, b, line))
    default: break
    }
    switch (symbol, a, b) {
    case ("+", .string(let a), .string(let b)): return try string(a + b, line)
    case ("+", .list(let a), .list(let b)):
      try spend(line, steps: a.count + b.count)
      return .list(a + b)
    case ("*", .string(let text), .integer(let count)),
      ("*", .integer(let count), .string(let text)):
      let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: max(0, count))
      try spend(line, bytes: overflow ? Self.byteLimit + 1 : bytes)
      return .string(String(repeating: text, count: max(0, count)))
    default: break
    }
    if let a = a.whole, let b = b.whole, symbol != "/" {
      return .integer(try whole(symbol, a, b, line))
    }
    guard let left = a.numeric, let right = b.numeric else {
      throw TemplateError(
        line: line, reason: "puts \(a.kind) and \(b.kind) together by \"\(symbol)\"")
    }
    switch symbol {
    case "+": return .number(left + right)
    case "-": return .number(left - right)
    case "*": return .number(left * right)
    default:
      guard right != 0 else { throw TemplateError(line: line, reason: "divides by 0") }
      if symbol == "/" { return .number(left / right) }
      let quotient = (left / right).rounded(.down)
      return .number(symbol == "//" ? quotient : left - quotient * right)
    }
  }

  private func whole(_ symbol: String, _ a: Int, _ b: Int, _ line: Int) throws(TemplateError) -> Int
  {
    let (value, overflow): (Int, Bool)
    switch symbol {
    case "+": (value, overflow) = a.addingReportingOverflow(b)
    case "-": (value, overflow) = a.subtractingReportingOverflow(b)
    case "*": (value, overflow) = a.multipliedReportingOverflow(by: b)
    default:
      guard b != 0 else { throw TemplateError(line: line, reason: "divides by 0") }
      // Python rounds down, so that the remainder has the divisor's sign.
      let (remainder, wraps) = a.remainderReportingOverflow(dividingBy: b)
      let isBelow = remainder != 0 && (remainder < 0) != (b < 0)
      if symbol == "%" { return isBelow ? remainder + b : remainder }
      let (quotient, _) = a.dividedReportingOverflow(by: b)
      (value, overflow) = (isBelow ? quotient - 1 : quotient, wraps)
    }
    guard !overflow else { throw TemplateError(line: line, reason: "reckons beyond 64 bits") }
    return value
  }

  private func ordered(
    _ symbol: String, _ a: TemplateValue, _ b: TemplateValue, _ line: Int
  ) throws(TemplateError) -> Bool {
    let isLess: Bool, isGreater: Bool
    if case .string(let a) = a, case .string(let b) = b {
      isLess = a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
      isGreater = b.unicodeScalars.lexicographicallyPrecedes(a.unicodeScalars)
    } else if let a = a.numeric, let b = b.numeric {
      (isLess, isGreater) = (a < b, a > b)
    } else {
      throw TemplateError(line: line, reason: "compares \(a.kind) with \(b.kind)")
    }
    switch symbol {
    case "<": return isLess
    case "<=": return !isGreater
    case ">": return isGreater
    default: return !isLess
    }
  }

  private mutating func contains(
    _ whole: TemplateValue, _ part: TemplateValue, _ line: Int
  ) throws(TemplateError) -> Bool {
    switch (whole, part) {
    case (.string(let text), .string(let part)):
      try spend(line, steps: text.utf8.count / 16)
      return TemplateText.range(of: Array(part.utf8), in: Array(text.utf8)) != nil
    case (.list(let items), _):
      try spend(line, steps: items.count)
      return items.contains { TemplateValue.equal($0, part) }
    case (.dictionary(let members), .string(let key)):
      return members.contains { $0.key.utf8.elementsEqual(key.utf8) }
    case (.dictionary, _), (.undefined, _): return false
    default: throw TemplateError(line: line, reason: "looks for something in \(whole.kind)")
    }
  }

  /// A new text, counted against the limit.
  private mutating func string(_ text: String, _ line: Int) throws(TemplateError) -> TemplateValue {
    try spend(line, bytes: text.utf8.count)
    return .string(text)
  }

  /// `value.name`: a member, or a method.
  mutating func member(
    _ value: TemplateValue, _ name: String, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    switch value {
    case .dictionary(let members):
      if let found = members.first(where: { $0.key == name }) { return found.value }
      return TemplateLibrary.dictionaryMethods.contains(name)
        ? .method(value, name) : .undefined(name)
    case .namespace(let number):
      return namespaces[number].first { $0.key == name }?.value ?? .undefined(name)
    case .string:
      return TemplateLibrary.textMethods.contains(name) ? .method(value, name) : .undefined(name)
    case .undefined:
      throw TemplateError(line: line, reason: "asks for \"\(name)\" of \(value.kind)")
    default: return .undefined(name)
    }
  }

  /// `value[index]`
  mutating func element(
    _ value: TemplateValue, _ index: TemplateValue, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    switch (value, index) {
    case (.list(let items), _):
      guard let number = index.whole else { return .undefined(index.text) }
      let place = number < 0 ? number &+ items.count : number
      return items.indices.contains(place) ? items[place] : .undefined("[\(number)]")
    case (.string(let text), _):
      guard let number = index.whole else { return .undefined(index.text) }
      let scalars = Array(text.unicodeScalars)
      try spend(line, steps: scalars.count / 16)
      let place = number < 0 ? number &+ scalars.count : number
      return scalars.indices.contains(place)
        ? .string(String(scalars[place])) : .undefined("[\(number)]")
    case (.dictionary(let members), .string(let key)):
      return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value ?? .undefined(key)
    case (.namespace, .string(let key)): return try member(value, key, line)
    case (.undefined, _):
      throw TemplateError(line: line, reason: "asks for an element of \(value.kind)")
    default: return .undefined(index.text)
    }
  }
}
