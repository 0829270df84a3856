import Base

/// Runs a template's tree.
///
/// Time and memory are bounded: a template from elsewhere can be wrong, but not endless. Whatever costs more the
/// more it is given is paid for by ``spend(_:steps:bytes:)`` before it is done.
struct TemplateInterpreter {
  /// The most steps one rendering takes, and the most bytes of text it makes.
  static let stepLimit = 10_000_000, byteLimit = 64 << 20
  /// How deep lists and dictionaries nest, and how many numbers `range()` makes.
  static let depthLimit = 300, rangeLimit = 100_000
  /// What an element of a new list counts for, in steps.
  static let elementSteps = 2

  private var scopes: [[String: TemplateValue]]
  private var output: [UInt8] = []
  private var steps = 0
  private var heldBytes = 0
  /// What is being done, as an error names it.
  var construct = "the template"
  var namespaces: [[(key: String, value: TemplateValue)]] = []

  init(_ variables: [String: TemplateValue]) { scopes = [variables] }

  /// How a list of nodes came to its end.
  private enum Flow { case done, left, next }

  /// What the nodes print.
  mutating func render(_ nodes: [TemplateNode]) throws(TemplateError) -> String {
    _ = try run(nodes)
    return String(decoding: output, as: UTF8.self)
  }

  /// Counts work and memory against the limits.
  mutating func spend(_ line: Int, steps count: Int = 1, bytes: Int = 0) throws(TemplateError) {
    steps = steps.addingClamping(count)
    heldBytes = heldBytes.addingClamping(bytes)
    guard steps <= Self.stepLimit else {
      throw TemplateError(
        line: line, reason: "takes more than \(Self.stepLimit) steps, in \(construct)")
    }
    guard heldBytes <= Self.byteLimit else {
      throw TemplateError(
        line: line, reason: "makes more than \(Self.byteLimit) bytes of text, in \(construct)")
    }
  }

  /// A value as it is printed, paid for first.
  mutating func text(of value: TemplateValue, _ line: Int) throws(TemplateError) -> String {
    if case .string(let text) = value { return text }
    try spend(line, steps: value.weight / 16, bytes: value.weight)
    return value.text
  }

  /// A new list, paid for by its elements.
  mutating func list(_ count: Int, _ line: Int, _ values: () -> [TemplateValue])
    throws(TemplateError) -> TemplateValue
  {
    try spend(line, steps: Self.elementSteps.multipliedClamping(by: count))
    return .list(values())
  }

  private mutating func run(_ nodes: [TemplateNode]) throws(TemplateError) -> Flow {
    for node in nodes {
      switch node {
      case .text(let text):
        try spend(0, bytes: text.utf8.count)
        output += text.utf8
      case .output(let expression):
        let value = try evaluate(expression)
        construct = "{{ }}"
        let text = try text(of: value, expression.line)
        try spend(expression.line, bytes: text.utf8.count)
        output += text.utf8
      case .branch(let branches):
        for (condition, body) in branches {
          if let condition, try !evaluate(condition).isTrue { continue }
          let flow = try run(body)
          if flow != .done { return flow }
          break
        }
      case .loop(let names, let list, let filter, let body, let otherwise, let line):
        let value = try evaluate(list)
        construct = "{% for \(names[0]) %}"
        let items = try items(of: value, line)
        let flow = try runLoop(names, items, filter, body, otherwise, line)
        if flow != .done { return flow }
      case .set(let name, let attribute, let expression, let line):
        let value = try evaluate(expression)
        try spend(line)
        guard let attribute else {
          scopes[scopes.count - 1][name] = value
          continue
        }
        guard case .namespace(let number) = lookUp(name) else {
          throw TemplateError(line: line, reason: "sets a member of \(name), which is no namespace")
        }
        try spend(line, steps: namespaces[number].count / 8)
        set(attribute, to: value, in: number)
      case .capture(let name, let body):
        let outer = output
        output = []
        let flow = try run(body)
        scopes[scopes.count - 1][name] = .string(String(decoding: output, as: UTF8.self))
        output = outer
        if flow != .done { return flow }
      case .group(let body):
        let flow = try run(body)
        if flow != .done { return flow }
      case .leave: return .left
      case .next: return .next
      }
    }
    return .done
  }

  private mutating func runLoop(
    _ names: [String], _ all: [TemplateValue], _ filter: TemplateExpression?,
    _ body: [TemplateNode],
    _ otherwise: [TemplateNode], _ line: Int
  ) throws(TemplateError) -> Flow {
    scopes.append([:])
    defer { scopes.removeLast() }
    var items = all
    if let filter {
      items = []
      for item in all {
        try bind(names, to: item, line)
        if try evaluate(filter).isTrue { items.append(item) }
      }
    }
    for (index, item) in items.enumerated() {
      scopes[scopes.count - 1] = [:]
      try spend(line, steps: 10)
      try bind(names, to: item, line)
      scopes[scopes.count - 1]["loop"] = loopState(items, index)
      if try run(body) == .left { break }
    }
    scopes[scopes.count - 1] = [:]
    return items.isEmpty ? try run(otherwise) : .done
  }

  private func loopState(_ items: [TemplateValue], _ index: Int) -> TemplateValue {
    .dictionary([
      ("index", .integer(index + 1)), ("index0", .integer(index)),
      ("revindex", .integer(items.count - index)), ("revindex0", .integer(items.count - index - 1)),
      ("first", .bool(index == 0)), ("last", .bool(index == items.count - 1)),
      ("length", .integer(items.count)),
      ("previtem", index > 0 ? items[index - 1] : .undefined("previtem")),
      ("nextitem", index + 1 < items.count ? items[index + 1] : .undefined("nextitem")),
    ])
  }

  private mutating func bind(
    _ names: [String], to item: TemplateValue, _ line: Int
  ) throws(TemplateError) {
    guard names.count > 1 else {
      scopes[scopes.count - 1][names[0]] = item
      return
    }
    guard case .list(let parts) = item, parts.count == names.count else {
      throw TemplateError(line: line, reason: "takes \(item.kind) apart into \(names.count) names")
    }
    for (name, part) in zip(names, parts) { scopes[scopes.count - 1][name] = part }
  }

  /// What a loop runs over.
  private mutating func items(of value: TemplateValue, _ line: Int) throws(TemplateError)
    -> [TemplateValue]
  {
    switch value {
    case .list(let values): return values.values
    case .dictionary, .string: return try elements(of: value, line)
    case .undefined: return []
    default: throw TemplateError(line: line, reason: "loops over \(value.kind)")
    }
  }

  /// The elements of a list, the keys of a dictionary or the characters of a text; none of anything else.
  mutating func elements(of value: TemplateValue, _ line: Int) throws(TemplateError)
    -> [TemplateValue]
  {
    switch value {
    case .list(let values): return values.values
    case .dictionary(let members):
      try spend(line, steps: Self.elementSteps.multipliedClamping(by: members.count))
      return members.map { .string($0.key) }
    case .string(let text):
      try spend(line, steps: text.utf8.count / 16)
      let count = text.unicodeScalars.count
      try spend(line, steps: Self.elementSteps.multipliedClamping(by: count))
      return text.unicodeScalars.map { .string(String($0)) }
    default: return []
    }
  }

  private func lookUp(_ name: String) -> TemplateValue {
    for scope in scopes.reversed() {
      if let value = scope[name] { return value }
    }
    return TemplateLibrary.functions.contains(name) ? .function(name) : .undefined(name)
  }

  private mutating func set(_ key: String, to value: TemplateValue, in number: Int) {
    if let place = namespaces[number].place(of: key) {
      namespaces[number][place].value = value
    } else {
      namespaces[number].append((key, value))
    }
  }

  // MARK: Expressions

  mutating func evaluate(_ expression: TemplateExpression) throws(TemplateError) -> TemplateValue {
    try spend(expression.line)
    let value = try compute(expression)
    guard value.depth <= Self.depthLimit else {
      throw TemplateError(
        line: expression.line,
        reason: "nests lists and dictionaries more than \(Self.depthLimit) deep")
    }
    return value
  }

  private mutating func compute(
    _ expression: TemplateExpression
  ) throws(TemplateError) -> TemplateValue {
    let line = expression.line
    switch expression.form {
    case .value(let value): return value
    case .name(let name): return lookUp(name)
    case .list(let items):
      let values = try evaluate(items)
      return .list(values)
    case .dictionary(let items):
      var members: [(key: String, value: TemplateValue)] = []
      for (key, value) in items {
        let name = try text(of: try evaluate(key), line)
        let value = try evaluate(value)
        construct = "a dictionary"
        try spend(line, steps: 1 + members.count / 8)
        if let place = members.place(of: name) { members.remove(at: place) }
        members.append((name, value))
      }
      return .dictionary(members)
    case .member(let of, let name): return try member(try evaluate(of), name, line)
    case .element(let of, let index):
      return try element(try evaluate(of), try evaluate(index), line)
    case .slice(let of, let from, let to, let step):
      return try slice(try evaluate(of), [from, to, step], line)
    case .call(let function, let arguments):
      let called = try evaluate(function), given = try evaluate(arguments)
      switch called {
      case .function(let name), .method(_, let name): construct = "\(name)()"
      default: construct = "a call"
      }
      return try call(called, given, line)
    case .filter(let value, let name, let arguments):
      let filtered = try evaluate(value), given = try evaluate(arguments)
      construct = "the filter \(name)"
      return try filter(filtered, name, given, line)
    case .test(let value, let name, let arguments, let isNegated):
      let tested = try evaluate(value), given = try evaluate(arguments)
      construct = "the test \(name)"
      let holds = try test(tested, name, given.map(\.value), line)
      return .bool(holds != isNegated)
    case .not(let value): return .bool(try !evaluate(value).isTrue)
    case .negative(let value):
      switch try evaluate(value) {
      case .integer(let number): return .integer(try whole("-", 0, number, line))
      case .number(let number): return .number(-number)
      case let other: throw TemplateError(line: line, reason: "negates \(other.kind)")
      }
    case .both(let a, let b):
      let left = try evaluate(a)
      return left.isTrue ? try evaluate(b) : left
    case .either(let a, let b):
      let left = try evaluate(a)
      return left.isTrue ? left : try evaluate(b)
    case .binary(let symbol, let a, let b):
      let left = try evaluate(a), right = try evaluate(b)
      construct = "\"\(symbol)\""
      return try combine(symbol, left, right, line)
    case .choice(let value, let condition, let otherwise):
      if try evaluate(condition).isTrue { return try evaluate(value) }
      return if let otherwise { try evaluate(otherwise) } else { .undefined("") }
    }
  }

  private mutating func evaluate(_ list: [TemplateExpression]) throws(TemplateError)
    -> [TemplateValue]
  {
    var values: [TemplateValue] = []
    for item in list { values.append(try evaluate(item)) }
    return values
  }

  private mutating func evaluate(
    _ list: [TemplateArgument]
  ) throws(TemplateError) -> [(name: String?, value: TemplateValue)] {
    var values: [(name: String?, value: TemplateValue)] = []
    for item in list { values.append((item.name, try evaluate(item.value))) }
    return values
  }

  private mutating func slice(
    _ value: TemplateValue, _ bounds: [TemplateExpression?], _ line: Int
  ) throws(TemplateError) -> TemplateValue {
    var numbers: [Int?] = []
    for bound in bounds { numbers.append(try number(bound)) }
    let step = numbers[2] ?? 1
    guard step != 0 else { throw TemplateError(line: line, reason: "slices by steps of 0") }
    func picked(_ count: Int) -> [Int] {
      let low = step > 0 ? 0 : -1, high = step > 0 ? count : count - 1
      func place(_ bound: Int?, or missing: Int) -> Int {
        guard let bound else { return missing }
        return min(high, max(low, bound < 0 ? bound + count : bound))
      }
      let from = place(numbers[0], or: step > 0 ? low : high)
      let to = place(numbers[1], or: step > 0 ? high : low)
      return Array(stride(from: from, to: to, by: max(-count - 1, min(count + 1, step))))
    }
    switch value {
    case .list(let items):
      construct = "a slice"
      try spend(line, steps: Self.elementSteps.multipliedClamping(by: items.count))
      return .list(picked(items.count).map { items[$0] })
    case .string(let text):
      construct = "a slice"
      try spend(line, steps: text.utf8.count, bytes: text.utf8.count)
      let scalars = Array(text.unicodeScalars)
      var result = String.UnicodeScalarView()
      for place in picked(scalars.count) { result.append(scalars[place]) }
      return .string(String(result))
    default: throw TemplateError(line: line, reason: "slices \(value.kind)")
    }
  }

  /// A bound of a slice; `nil` where there is none.
  private mutating func number(_ bound: TemplateExpression?) throws(TemplateError) -> Int? {
    guard let bound else { return nil }
    let value = try evaluate(bound)
    if case .none = value { return nil }
    guard let number = value.whole else {
      throw TemplateError(line: bound.line, reason: "slices by \(value.kind)")
    }
    return number
  }
}
