/// The functions, methods, filters and tests that templates may use.
enum TemplateLibrary {
  static let functions: Set<String> = ["namespace", "range", "raise_exception", "dict"]
  static let dictionaryMethods: Set<String> = ["items", "keys", "values", "get"]
  static let textMethods: Set<String> = [
    "strip", "lstrip", "rstrip", "upper", "lower", "title", "capitalize", "startswith", "endswith",
    "split", "replace", "join",
  ]
}

extension TemplateInterpreter {
  typealias Arguments = [(name: String?, value: TemplateValue)]

  mutating func call(
    _ function: TemplateValue, _ arguments: Arguments, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    switch function {
    case .function("namespace"):
      try spend(line, bytes: 64)
      namespaces.append([])
      for (name, value) in arguments {
        guard let name else { throw TemplateError(line: line, reason: "gives a namespace no name") }
        namespaces[namespaces.count - 1].append((name, value))
      }
      return .namespace(namespaces.count - 1)
    case .function("dict"):
      return .dictionary(arguments.compactMap { item in item.name.map { ($0, item.value) } })
    case .function("range"): return try range(arguments.compactMap(\.value.whole), line)
    case .function("raise_exception"):
      throw TemplateError(line: line, reason: "says: \(arguments.first?.value.text ?? "")")
    case .method(.string(let text), let name):
      return try method(text, name, arguments.map(\.value), line)
    case .method(.dictionary(let members), let name):
      switch name {
      case "items": return .list(members.map { .list([.string($0.key), $0.value]) })
      case "keys": return .list(members.map { .string($0.key) })
      case "values": return .list(members.map(\.value))
      default:
        let key = arguments.first?.value.text ?? ""
        if let found = members.first(where: { $0.key == key }) { return found.value }
        return arguments.count > 1 ? arguments[1].value : .none
      }
    default: throw TemplateError(line: line, reason: "calls \(function.kind)")
    }
  }

  private mutating func range(_ bounds: [Int], _ line: Int) throws(TemplateError) -> TemplateValue {
    guard (1...3).contains(bounds.count) else {
      throw TemplateError(line: line, reason: "gives range() no whole numbers")
    }
    let from = bounds.count > 1 ? bounds[0] : 0
    let to = bounds.count > 1 ? bounds[1] : bounds[0]
    let step = bounds.count > 2 ? bounds[2] : 1
    guard step != 0 else { throw TemplateError(line: line, reason: "gives range() a step of 0") }
    var values: [TemplateValue] = []
    var next = from
    while step > 0 ? next < to : next > to {
      try spend(line)
      values.append(.integer(next))
      let (sum, overflow) = next.addingReportingOverflow(step)
      guard !overflow else { break }
      next = sum
    }
    return .list(values)
  }

  private mutating func method(
    _ text: String, _ name: String, _ arguments: [TemplateValue], _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    try spend(line, steps: 1 + text.utf8.count / 16)
    func given(_ index: Int) -> String? {
      guard index < arguments.count, case .string(let text) = arguments[index] else { return nil }
      return text
    }
    switch name {
    case "strip": return .string(TemplateText.stripped(text, given(0)))
    case "lstrip": return .string(TemplateText.stripped(text, given(0), right: false))
    case "rstrip": return .string(TemplateText.stripped(text, given(0), left: false))
    case "startswith": return .bool(given(0).map { text.utf8.starts(with: $0.utf8) } ?? false)
    case "endswith":
      return .bool(given(0).map { text.utf8.suffix($0.utf8.count).elementsEqual($0.utf8) } ?? false)
    case "split":
      let limit = arguments.count > 1 ? arguments[1].whole ?? -1 : -1
      return .list(TemplateText.split(text, by: given(0), limit: limit).map { .string($0) })
    case "replace": return try replaced(text, given(0) ?? "", given(1) ?? "", line)
    case "title": return .string(TemplateText.titled(text, afterAny: true))
    case "join": return try joined(arguments.first ?? .list([]), by: text, line)
    default: return try filter(.string(text), name, [], line)
    }
  }

  private mutating func replaced(
    _ text: String, _ old: String, _ new: String, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    guard !old.isEmpty else { return .string(text) }
    let parts = TemplateText.split(text, by: old, limit: -1)
    let (added, overflow) = (parts.count - 1).multipliedReportingOverflow(by: new.utf8.count)
    try spend(line, bytes: overflow ? Self.byteLimit + 1 : added)
    return .string(parts.joined(separator: new))
  }

  private mutating func joined(
    _ value: TemplateValue, by separator: String, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    guard case .list(let items) = value else {
      throw TemplateError(line: line, reason: "joins \(value.kind)")
    }
    let (added, overflow) = items.count.multipliedReportingOverflow(by: separator.utf8.count)
    try spend(line, bytes: overflow ? Self.byteLimit + 1 : added)
    return .string(items.map(\.text).joined(separator: separator))
  }

  mutating func filter(
    _ value: TemplateValue, _ name: String, _ arguments: Arguments, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    func argument(_ index: Int, _ key: String = "") -> TemplateValue? {
      arguments.first { $0.name == key && !key.isEmpty }?.value
        ?? (index < arguments.count && arguments[index].name == nil ? arguments[index].value : nil)
    }
    try spend(line)
    switch name {
    case "trim": return .string(TemplateText.stripped(value.text, argument(0, "chars")?.text))
    case "upper": return .string(value.text.uppercased())
    case "lower": return .string(value.text.lowercased())
    case "title": return .string(TemplateText.titled(value.text, afterAny: false))
    case "capitalize":
      let lower = value.text.lowercased().unicodeScalars
      return .string((lower.first?.properties.titlecaseMapping ?? "") + String(lower.dropFirst()))
    case "string": return .string(value.text)
    case "safe": return value
    case "tojson":
      let text = value.json(indent: argument(0, "indent")?.whole.map { min(16, max(0, $0)) })
      try spend(line, bytes: text.utf8.count)
      return .string(text)
    case "default", "d":
      let replacesFalse = argument(1, "boolean")?.isTrue ?? false
      if case .undefined = value { return argument(0, "default_value") ?? .string("") }
      return replacesFalse && !value.isTrue ? argument(0, "default_value") ?? .string("") : value
    case "int":
      return .integer(
        value.whole ?? Int(value.text) ?? value.numeric.flatMap {
          Int(exactly: $0.rounded(.towardZero))
        } ?? 0)
    case "float": return .number(value.numeric ?? Double(value.text) ?? 0)
    case "abs":
      if let whole = value.whole { return .integer(whole == .min ? .max : abs(whole)) }
      return .number(abs(value.numeric ?? 0))
    case "replace":
      return try replaced(value.text, argument(0)?.text ?? "", argument(1)?.text ?? "", line)
    case "length", "count":
      switch value {
      case .string(let text): return .integer(text.unicodeScalars.count)
      case .dictionary(let members): return .integer(members.count)
      case .undefined: return .integer(0)
      case .list(let items): return .integer(items.count)
      default: throw TemplateError(line: line, reason: "measures \(value.kind)")
      }
    case "items":
      if case .undefined = value { return .list([]) }
      guard case .dictionary = value else {
        throw TemplateError(line: line, reason: "takes the items of \(value.kind)")
      }
      return try call(.method(value, "items"), [], line)
    default: return try listFilter(value, name, arguments, line)
    }
  }

  private mutating func listFilter(
    _ value: TemplateValue, _ name: String, _ arguments: Arguments, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    let items: [TemplateValue]
    switch value {
    case .list(let values): items = values
    case .string(let text): items = text.unicodeScalars.map { .string(String($0)) }
    case .dictionary(let members): items = members.map { .string($0.key) }
    default: items = []
    }
    try spend(line, steps: items.count)
    let plain = arguments.filter { $0.name == nil }.map(\.value)
    switch name {
    case "list": return .list(items)
    case "first": return items.first ?? .undefined("first")
    case "last": return items.last ?? .undefined("last")
    case "reverse":
      if case .string(let text) = value {
        return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
      }
      return .list(items.reversed())
    case "join": return try joined(.list(items), by: plain.first?.text ?? "", line)
    case "unique":
      var seen: [TemplateValue] = []
      for item in items where !seen.contains(where: { TemplateValue.equal($0, item) }) {
        try spend(line, steps: seen.count)
        seen.append(item)
      }
      return .list(seen)
    case "map":
      let attribute = arguments.first { $0.name == "attribute" }?.value.text
      var results: [TemplateValue] = []
      for item in items {
        if let attribute {
          results.append(try element(item, .string(attribute), line))
        } else {
          results.append(try filter(item, plain.first?.text ?? "", [], line))
        }
      }
      return .list(results)
    case "selectattr", "rejectattr", "select", "reject":
      let byAttribute = name.hasSuffix("attr")
      let rest = byAttribute ? Array(plain.dropFirst()) : plain
      var results: [TemplateValue] = []
      for item in items {
        let tested = byAttribute ? try element(item, plain.first ?? .none, line) : item
        let holds =
          try rest.isEmpty
          ? tested.isTrue : test(tested, rest[0].text, Array(rest.dropFirst()), line)
        if holds == name.hasPrefix("select") { results.append(item) }
      }
      return .list(results)
    default:
      throw TemplateError(line: line, reason: "uses the filter \(name), which is not supported")
    }
  }

  mutating func test(
    _ value: TemplateValue, _ name: String, _ arguments: [TemplateValue], _ line: Int
  ) throws(TemplateError) -> Bool {
    func isA(_ kinds: String...) -> Bool { kinds.contains(value.kind) }
    switch name {
    case "defined": if case .undefined = value { return false } else { return true }
    case "undefined": if case .undefined = value { return true } else { return false }
    case "none": if case .none = value { return true } else { return false }
    case "true": if case .bool(true) = value { return true } else { return false }
    case "false": if case .bool(false) = value { return true } else { return false }
    case "boolean": return isA("a truth value")
    case "string": return isA("text")
    case "number": return isA("a number", "a truth value")
    case "integer": if case .integer = value { return true } else { return false }
    case "float": if case .number = value { return true } else { return false }
    case "mapping": return isA("a dictionary")
    case "sequence", "iterable": return isA("text", "a list", "a dictionary")
    case "callable": return isA("a function")
    case "odd", "even":
      guard let whole = value.whole else { return false }
      return (whole % 2 != 0) == (name == "odd")
    case "divisibleby":
      guard let whole = value.whole, let by = arguments.first?.whole, by != 0 else { return false }
      return whole.remainderReportingOverflow(dividingBy: by).partialValue == 0
    case "in": return try combine("in", value, arguments.first ?? .list([]), line).isTrue
    case "equalto", "eq", "==", "sameas":
      return TemplateValue.equal(value, arguments.first ?? .none)
    case "ne", "!=": return !TemplateValue.equal(value, arguments.first ?? .none)
    case "gt", "greaterthan": return try combine(">", value, arguments.first ?? .none, line).isTrue
    case "lt", "lessthan": return try combine("<", value, arguments.first ?? .none, line).isTrue
    default:
      throw TemplateError(line: line, reason: "uses the test \(name), which is not supported")
    }
  }
}
