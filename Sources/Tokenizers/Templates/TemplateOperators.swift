import Base

/// Operators, members and elements, as Python has them.
extension TemplateInterpreter {
  mutating func combine(
    _ symbol: String, _ a: TemplateValue, _ b: TemplateValue, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    switch symbol {
    case "==": return .bool(try equal(a, b, line))
    case "!=": return .bool(try !equal(a, b, line))
    case "in": return .bool(try contains(b, a, line))
    case "~":
      let left = try text(of: a, line), right = try text(of: b, line)
      return try string(left + right, line)
    case "<", "<=", ">", ">=": return .bool(try ordered(symbol, a, b, line))
    default: break
    }
    switch (symbol, a, b) {
    case ("+", .string(let a), .string(let b)): return try string(a + b, line)
    case ("+", .list(let a), .list(let b)):
      return try list(a.count + b.count, line) { a.values + b.values }
    case ("*", .string(let text), .integer(let count)),
      ("*", .integer(let count), .string(let text)):
      // Nothing many times over is nothing, but would take its turn each time.
      let times = text.isEmpty ? 0 : max(0, count)
      try spend(line, bytes: text.utf8.count.multipliedClamping(by: times))
      return .string(String(repeating: text, count: times))
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

  func whole(_ symbol: String, _ a: Int, _ b: Int, _ line: Int) throws(TemplateError) -> Int {
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

  /// Whether two values are equal, paid for first.
  mutating func equal(
    _ a: TemplateValue, _ b: TemplateValue, _ line: Int
  ) throws(TemplateError) -> Bool {
    try spend(line, steps: min(a.weight, b.weight) / 16)
    return TemplateValue.equal(a, b)
  }

  private mutating func ordered(
    _ symbol: String, _ a: TemplateValue, _ b: TemplateValue, _ line: Int
  ) throws(TemplateError) -> Bool {
    let isLess: Bool, isGreater: Bool
    if case .string(let a) = a, case .string(let b) = b {
      try spend(line, steps: min(a.utf8.count, b.utf8.count) / 8)
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
      try spend(line, steps: text.utf8.count / 16 + part.utf8.count / 16)
      return TemplateText.contains(Array(part.utf8), in: Array(text.utf8))
    case (.list(let items), _):
      for item in items.values where try equal(item, part, line) { return true }
      return false
    case (.dictionary(let members), .string(let key)):
      try spend(line, steps: members.count / 8)
      return members.value(of: key) != nil
    case (.dictionary, _), (.undefined, _): return false
    default: throw TemplateError(line: line, reason: "looks for something in \(whole.kind)")
    }
  }

  /// A new text, counted against the limit.
  mutating func string(_ text: String, _ line: Int) throws(TemplateError) -> TemplateValue {
    try spend(line, bytes: text.utf8.count)
    return .string(text)
  }

  /// `value.name`: a member, or a method.
  mutating func member(
    _ value: TemplateValue, _ name: String, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    switch value {
    case .dictionary(let members):
      try spend(line, steps: members.count / 8)
      if let found = members.value(of: name) { return found }
      return TemplateLibrary.dictionaryMethods.contains(name)
        ? .method(value, name) : .undefined(name)
    case .namespace(let number):
      try spend(line, steps: namespaces[number].count / 8)
      let members = namespaces[number]
      return members.place(of: name).map { members[$0].value } ?? .undefined(name)
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
      guard let number = index.whole else { return .undefined(index.spelling ?? index.kind) }
      let place = number < 0 ? number &+ items.count : number
      return items.indices.contains(place) ? items[place] : .undefined("[\(number)]")
    case (.string(let text), _):
      guard let number = index.whole else { return .undefined(index.spelling ?? index.kind) }
      try spend(line, steps: text.utf8.count / 4)
      let scalars = Array(text.unicodeScalars)
      let place = number < 0 ? number &+ scalars.count : number
      return scalars.indices.contains(place)
        ? .string(String(scalars[place])) : .undefined("[\(number)]")
    case (.dictionary(let members), .string(let key)):
      try spend(line, steps: members.count / 8)
      return members.value(of: key) ?? .undefined(key)
    case (.namespace, .string(let key)): return try member(value, key, line)
    case (.undefined, _):
      throw TemplateError(line: line, reason: "asks for an element of \(value.kind)")
    default: return .undefined(index.spelling ?? index.kind)
    }
  }
}
