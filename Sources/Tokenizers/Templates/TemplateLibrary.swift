import Base

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
      let said = try arguments.first.map { first throws(TemplateError) in
        try text(of: first.value, line)
      }
      throw TemplateError(line: line, reason: "says: \((said ?? "").prefix(1000))")
    case .method(.string(let text), let name):
      return try method(text, name, arguments.map(\.value), line)
    case .method(.dictionary(let members), let name):
      try spend(line, steps: members.count / 8)
      switch name {
      case "items":
        return try list(3 * members.count, line) {
          members.map { .list([.string($0.key), $0.value]) }
        }
      case "keys": return try list(members.count, line) { members.map { .string($0.key) } }
      case "values": return try list(members.count, line) { members.map(\.value) }
      default:
        let key = arguments.isEmpty ? "" : try text(of: arguments[0].value, line)
        return members.value(of: key) ?? (arguments.count > 1 ? arguments[1].value : .none)
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
    guard step > 0 ? from < to : from > to else { return .list([]) }
    // In magnitudes, which two bounds of 64 bits cannot overflow.
    let (low, high) = (min(from, to), max(from, to))
    let span = UInt(bitPattern: high) &- UInt(bitPattern: low)
    let count = (span - 1) / step.magnitude + 1
    guard count <= UInt(Self.rangeLimit) else {
      throw TemplateError(
        line: line, reason: "asks range() for \(count) numbers, more than \(Self.rangeLimit)")
    }
    return try list(Int(count), line) { (0..<Int(count)).map { .integer(from &+ $0 &* step) } }
  }

  private mutating func method(
    _ text: String, _ name: String, _ arguments: [TemplateValue], _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    let weights = arguments.reduce(text.utf8.count) { $0.addingClamping($1.weight) }
    try spend(line, steps: 1 + weights / 16)
    func given(_ index: Int) -> String? {
      guard index < arguments.count, case .string(let text) = arguments[index] else { return nil }
      return text
    }
    switch name {
    case "strip": return try string(TemplateText.stripped(text, given(0)), line)
    case "lstrip": return try string(TemplateText.stripped(text, given(0), right: false), line)
    case "rstrip": return try string(TemplateText.stripped(text, given(0), left: false), line)
    case "startswith": return .bool(given(0).map { text.utf8.starts(with: $0.utf8) } ?? false)
    case "endswith":
      return .bool(given(0).map { text.utf8.suffix($0.utf8.count).elementsEqual($0.utf8) } ?? false)
    case "split":
      let limit = arguments.count > 1 ? arguments[1].whole ?? -1 : -1
      let separator = given(0)
      let count = TemplateText.parts(of: text, by: separator)
      return try list(count, line) {
        TemplateText.split(text, by: separator, limit: limit).map { .string($0) }
      }
    case "replace": return try replaced(text, given(0) ?? "", given(1) ?? "", line)
    case "title": return try string(TemplateText.titled(text, afterAny: true), line)
    case "join": return try joined(arguments.first ?? .list([]), by: text, line)
    default: return try filter(.string(text), name, [], line)
    }
  }

  private mutating func replaced(
    _ text: String, _ old: String, _ new: String, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    guard !old.isEmpty else { return .string(text) }
    let places = TemplateText.parts(of: text, by: old) - 1
    let added = places.multipliedClamping(by: new.utf8.count)
    try spend(
      line, steps: Self.elementSteps.multipliedClamping(by: places),
      bytes: added.addingClamping(text.utf8.count))
    return .string(TemplateText.split(text, by: old, limit: -1).joined(separator: new))
  }

  private mutating func joined(
    _ value: TemplateValue, by separator: String, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    guard case .list(let items) = value else {
      throw TemplateError(line: line, reason: "joins \(value.kind)")
    }
    let added = items.count.multipliedClamping(by: separator.utf8.count)
    try spend(line, steps: items.weight / 16, bytes: added.addingClamping(items.weight))
    return .string(items.map(\.text).joined(separator: separator))
  }

  mutating func filter(
    _ value: TemplateValue, _ name: String, _ arguments: Arguments, _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    func argument(_ index: Int, _ key: String = "") -> TemplateValue? {
      arguments.first { $0.name == key && !key.isEmpty }?.value
        ?? (index < arguments.count && arguments[index].name == nil ? arguments[index].value : nil)
    }
    let weights = arguments.reduce(value.weight) { $0.addingClamping($1.value.weight) }
    try spend(line, steps: 1 + weights / 16)
    switch name {
    case "trim":
      let characters = try argument(0, "chars").map { given throws(TemplateError) in
        try text(of: given, line)
      }
      return try string(TemplateText.stripped(try text(of: value, line), characters), line)
    case "upper": return try string(try text(of: value, line).uppercased(), line)
    case "lower": return try string(try text(of: value, line).lowercased(), line)
    case "title":
      return try string(TemplateText.titled(try text(of: value, line), afterAny: false), line)
    case "capitalize":
      let lower = try text(of: value, line).lowercased().unicodeScalars
      return try string(
        (lower.first?.properties.titlecaseMapping ?? "") + String(lower.dropFirst()), line)
    case "string": return .string(try text(of: value, line))
    case "safe": return value
    case "tojson":
      let indent = argument(0, "indent")?.whole.map { min(16, max(0, $0)) }
      // Each of at most weight / 16 values stands on a line of its own, behind as many blanks as it is deep.
      let blanks = (value.weight / 16).multipliedClamping(by: (indent ?? 0) * value.depth)
      try spend(line, bytes: value.weight.addingClamping(blanks))
      return try string(value.json(indent: indent), line)
    case "default", "d":
      let replacesFalse = argument(1, "boolean")?.isTrue ?? false
      if case .undefined = value { return argument(0, "default_value") ?? .string("") }
      return replacesFalse && !value.isTrue ? argument(0, "default_value") ?? .string("") : value
    case "int":
      return .integer(
        value.whole ?? value.spelling.flatMap { Int($0) } ?? value.numeric.flatMap {
          Int(exactly: $0.rounded(.towardZero))
        } ?? 0)
    case "float": return .number(value.numeric ?? value.spelling.flatMap { Double($0) } ?? 0)
    case "abs":
      if let whole = value.whole { return .integer(whole == .min ? .max : abs(whole)) }
      return .number(abs(value.numeric ?? 0))
    case "replace":
      return try replaced(
        try text(of: value, line), try text(of: argument(0) ?? .string(""), line),
        try text(of: argument(1) ?? .string(""), line), line)
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
    let items = try elements(of: value, line)
    try spend(line, steps: Self.elementSteps.multipliedClamping(by: items.count))
    let plain = arguments.filter { $0.name == nil }.map(\.value)
    switch name {
    case "list": return .list(items)
    case "first": return items.first ?? .undefined("first")
    case "last": return items.last ?? .undefined("last")
    case "reverse":
      if case .string(let text) = value {
        return .string(String(String.UnicodeScalarView(text.unicodeScalars.reversed())))
      }
      return .list(Array(items.reversed()))
    case "join":
      let separator = try plain.first.map { first throws(TemplateError) in
        try text(of: first, line)
      }
      return try joined(.list(items), by: separator ?? "", line)
    case "unique":
      var seen: [TemplateValue] = []
      search: for item in items {
        for other in seen where try equal(other, item, line) { continue search }
        seen.append(item)
      }
      return .list(seen)
    case "map":
      let attribute = arguments.first { $0.name == "attribute" }?.value.spelling
      var results: [TemplateValue] = []
      for item in items {
        if let attribute {
          results.append(try element(item, .string(attribute), line))
        } else {
          results.append(try filter(item, plain.first?.spelling ?? "", [], line))
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
          ? tested.isTrue : test(tested, rest[0].spelling ?? "", Array(rest.dropFirst()), line)
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
    case "equalto", "eq", "==", "sameas": return try equal(value, arguments.first ?? .none, line)
    case "ne", "!=": return try !equal(value, arguments.first ?? .none, line)
    case "gt", "greaterthan": return try combine(">", value, arguments.first ?? .none, line).isTrue
    case "lt", "lessthan": return try combine("<", value, arguments.first ?? .none, line).isTrue
    default:
      throw TemplateError(line: line, reason: "uses the test \(name), which is not supported")
    }
  }
}
