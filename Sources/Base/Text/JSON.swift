/// A JSON value (RFC 8259).
///
/// Whole numbers within 64 bits stay exact; objects keep the order of their keys.
public enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSON])
  case object(JSONObject)
}

extension JSON {
  /// The member `key` of an object; `nil` for anything else.
  public subscript(key: String) -> JSON? { object?[key] }

  /// The element `index` of an array; `nil` for anything else or outside.
  public subscript(index: Int) -> JSON? {
    guard let array, array.indices.contains(index) else { return nil }
    return array[index]
  }

  public var isNull: Bool { self == .null }

  public var string: String? { if case .string(let value) = self { value } else { nil } }
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  public var array: [JSON]? { if case .array(let value) = self { value } else { nil } }
  public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

  /// A whole number, also if it was written as `1.0` or `1e3`.
  public var int: Int? {
    switch self {
    case .integer(let value): Int(value)
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  /// Any number.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// An object out of its members.
  public static func object(_ members: [(String, JSON)]) -> JSON { .object(JSONObject(members)) }

  /// An array of numbers.
  public static func numbers(_ values: some Sequence<Double>) -> JSON {
    .array(values.map { .number($0) })
  }

  /// An array of whole numbers.
  public static func integers(_ values: some Sequence<some BinaryInteger>) -> JSON {
    .array(values.map { .integer(Int64($0)) })
  }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }

  /// A whole number.
  public init(_ value: Int) { self = .integer(Int64(value)) }
  /// A number; NaN and infinities are written as null.
  public init(_ value: Double) { self = .number(value) }
  public init(_ value: Bool) { self = .bool(value) }
  public init(_ value: String) { self = .string(value) }
}
