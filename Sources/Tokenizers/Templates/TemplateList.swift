import Base

/// Values in their order, with what it costs to look through them all.
///
/// A list may hold another many times over without holding it more than once in memory, so what a template
/// can make in forty steps may take 2⁴⁰ to print. Weight and depth are known before that is begun.
struct TemplateList: Sendable, RandomAccessCollection {
  let values: [TemplateValue]
  /// About how many bytes the list takes when it is written out.
  let weight: Int
  /// How many levels it nests, itself included.
  let depth: Int

  init(_ values: [TemplateValue]) {
    self.values = values
    weight = values.reduce(16) { $0.addingClamping($1.weight) }
    depth = 1 + values.reduce(0) { Swift.max($0, $1.depth) }
  }

  var startIndex: Int { 0 }
  var endIndex: Int { values.count }
  subscript(index: Int) -> TemplateValue { values[index] }
}

/// Values under keys, in their order, with what it costs to look through them all.
struct TemplateMembers: Sendable, RandomAccessCollection {
  typealias Element = (key: String, value: TemplateValue)

  let members: [Element]
  /// As of a ``TemplateList``.
  let weight: Int, depth: Int

  init(_ members: [Element]) {
    self.members = members
    weight = members.reduce(16) {
      $0.addingClamping(16 + $1.key.utf8.count).addingClamping($1.value.weight)
    }
    depth = 1 + members.reduce(0) { Swift.max($0, $1.value.depth) }
  }

  var startIndex: Int { 0 }
  var endIndex: Int { members.count }
  subscript(index: Int) -> Element { members[index] }

  /// Whether both hold equal values under the same keys, in whatever order.
  func equals(_ other: TemplateMembers) -> Bool {
    guard count == other.count else { return false }
    guard count > 8 else {
      return members.allSatisfy { key, value in
        other.value(of: key).map { TemplateValue.equal(value, $0) } ?? false
      }
    }
    let values = Dictionary(
      other.members.map { (ExactText($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    return members.allSatisfy { key, value in
      values[ExactText(key)].map { TemplateValue.equal(value, $0) } ?? false
    }
  }

  /// The value under a key, told apart from others by its bytes.
  func value(of key: String) -> TemplateValue? { members.place(of: key).map { members[$0].value } }
}

extension [(key: String, value: TemplateValue)] {
  /// Where a key is, told apart from others by its bytes.
  func place(of key: String) -> Int? { firstIndex { $0.key.utf8.elementsEqual(key.utf8) } }
}

extension TemplateValue {
  static func list(_ values: [TemplateValue]) -> TemplateValue { .list(TemplateList(values)) }

  static func dictionary(_ members: [TemplateMembers.Element]) -> TemplateValue {
    .dictionary(TemplateMembers(members))
  }

  /// About how many bytes the value takes when it is written out.
  var weight: Int {
    switch self {
    case .string(let text): 16 + text.utf8.count
    case .list(let values): values.weight
    case .dictionary(let members): members.weight
    case .method(let value, _): 16 + value.weight
    default: 16
    }
  }

  /// The value, if it is text.
  var spelling: String? { if case .string(let text) = self { text } else { nil } }

  /// How many levels the value nests.
  var depth: Int {
    switch self {
    case .list(let values): values.depth
    case .dictionary(let members): members.depth
    case .method(let value, _): 1 + value.depth
    default: 0
    }
  }
}
