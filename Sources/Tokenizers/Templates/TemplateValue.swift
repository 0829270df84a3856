import Base

/// What a template's expressions come to.
enum TemplateValue: Sendable {
  /// A name or member that is not there; used in anger it is an error.
  case undefined(String)
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case list(TemplateList)
  /// Keys in their order.
  case dictionary(TemplateMembers)
  /// A `namespace()`, by its number: assigning to its members is seen everywhere.
  case namespace(Int)
  case function(String)
  /// A method, with what it is called on.
  indirect case method(TemplateValue, String)

  init(_ json: JSON) {
    switch json {
    case .null: self = .none
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .integer(Int(value))
    case .number(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .array(let values): self = .list(values.map(TemplateValue.init))
    case .object(let members):
      self = .dictionary(members.map { ($0.key, TemplateValue($0.value)) })
    }
  }

  /// Python's truth: nothing, zero and the empty are false.
  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .bool(let value): value
    case .integer(let value): value != 0
    case .number(let value): value != 0
    case .string(let value): !value.isEmpty
    case .list(let values): !values.isEmpty
    case .dictionary(let members): !members.isEmpty
    case .namespace, .function, .method: true
    }
  }

  /// As it is printed.
  var text: String {
    switch self {
    case .undefined: ""
    case .string(let value): value
    default: representation
    }
  }

  /// As Python's `repr` would write it inside a list.
  var representation: String {
    switch self {
    case .undefined: "Undefined"
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .integer(let value): String(value)
    case .number(let value): Self.spelled(value)
    case .string(let value): Self.quoted(value)
    case .list(let values): "[" + values.map(\.representation).joined(separator: ", ") + "]"
    case .dictionary(let members):
      "{"
        + members.map { "\(Self.quoted($0.key)): \($0.value.representation)" }
        .joined(separator: ", ") + "}"
    case .namespace: "<Namespace>"
    case .function(let name): "<function \(name)>"
    case .method(_, let name): "<method \(name)>"
    }
  }

  /// As Python's `json.dumps` with `ensure_ascii=False` writes it.
  ///
  /// - Parameter indent: blanks for each level; `nil` for one line.
  func json(indent: Int? = nil, level: Int = 0) -> String {
    func wrapped(_ open: String, _ items: [String], _ close: String) -> String {
      guard !items.isEmpty else { return open + close }
      guard let indent else { return open + items.joined(separator: ", ") + close }
      let inner = "\n" + String(repeating: " ", count: indent * (level + 1))
      let outer = "\n" + String(repeating: " ", count: indent * level)
      return open + inner + items.joined(separator: "," + inner) + outer + close
    }
    switch self {
    case .bool(let value): return value ? "true" : "false"
    case .integer, .number: return representation
    case .string(let value): return JSON(value).text()
    case .list(let values):
      return wrapped("[", values.map { $0.json(indent: indent, level: level + 1) }, "]")
    case .dictionary(let members):
      return wrapped(
        "{",
        members.map {
          "\(JSON($0.key).text()): \($0.value.json(indent: indent, level: level + 1))"
        }, "}")
    default: return "null"
    }
  }

  private static func spelled(_ value: Double) -> String {
    value.isFinite ? "\(value)" : value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  private static func quoted(_ text: String) -> String {
    let quote = text.contains("'") && !text.contains("\"") ? "\"" : "'"
    var result = quote
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where String(scalar) == quote: result += "\\" + quote
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + quote
  }

  /// Python's `==`: numbers by value, texts by code points, other kinds never.
  static func equal(_ a: TemplateValue, _ b: TemplateValue) -> Bool {
    switch (a, b) {
    case (.none, .none): return true
    case (.undefined, .undefined): return true
    case (.string(let a), .string(let b)): return a.utf8.elementsEqual(b.utf8)
    case (.list(let a), .list(let b)): return a.count == b.count && zip(a, b).allSatisfy(equal)
    case (.dictionary(let a), .dictionary(let b)): return a.equals(b)
    case (.namespace(let a), .namespace(let b)): return a == b
    default:
      guard let a = a.numeric, let b = b.numeric else { return false }
      return a == b
    }
  }

  /// The value as a number; truths count as 0 and 1, as in Python.
  var numeric: Double? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value as a whole number.
  var whole: Int? {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .integer(let value): value
    default: nil
    }
  }

  /// What the value is called in an error.
  var kind: String {
    switch self {
    case .undefined(let name): "\"\(name)\", which is not defined"
    case .none: "none"
    case .bool: "a truth value"
    case .integer, .number: "a number"
    case .string: "text"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .namespace: "a namespace"
    case .function, .method: "a function"
    }
  }
}
