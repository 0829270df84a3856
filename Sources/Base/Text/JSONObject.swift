/// The members of a JSON object, in their order.
///
/// Keys are told apart by their bytes: two spellings of one accented letter are two keys.
public struct JSONObject: Equatable, Sendable, Sequence {
  private(set) var members: [(key: String, value: JSON)] = []
  /// The members in ascending order of their keys; kept only where a search by hand would be slow.
  private var order: [Int32] = []

  /// The count of members from which on there is an `order`.
  private static let orderedCount = 17

  public init() {}

  /// An object with these members; of several with one key the last wins.
  public init(_ members: [(String, JSON)]) {
    for (key, value) in members { self[key] = value }
  }

  /// What comes of members that should differ in their keys.
  enum Unique {
    case object(JSONObject)
    case duplicate(key: String)
  }

  /// An object of members just as they are, or a key that two of them share.
  static func unique(_ members: [(key: String, value: JSON)]) -> Unique {
    var object = JSONObject()
    object.members = members
    guard members.count >= orderedCount else {
      for index in members.indices.dropFirst() {
        for earlier in 0..<index where compare(members[earlier].key, members[index].key) == 0 {
          return .duplicate(key: members[index].key)
        }
      }
      return .object(object)
    }
    object.order = (0..<Int32(members.count)).sorted {
      compare(members[Int($0)].key, members[Int($1)].key) < 0
    }
    for (a, b) in zip(object.order, object.order.dropFirst())
    where compare(members[Int(a)].key, members[Int(b)].key) == 0 {
      return .duplicate(key: members[Int(b)].key)
    }
    return .object(object)
  }

  /// The value under `key`; setting `nil` removes it.
  ///
  /// - Complexity: O(log *n*) to read; O(*n*) to add or remove.
  public subscript(key: String) -> JSON? {
    get { find(key).index.map { members[$0].value } }
    set {
      let (index, rank) = find(key)
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil):
        members.remove(at: index)
        order = []
        if members.count >= Self.orderedCount { sortOrder() }
      case (nil, let value?):
        members.append((key, value))
        if members.count > Self.orderedCount {
          order.insert(Int32(members.count - 1), at: rank)
        } else if members.count == Self.orderedCount {
          sortOrder()
        }
      case (nil, nil): break
      }
    }
  }

  /// The place of `key` among the members.
  public func position(of key: String) -> Int? { find(key).index }

  public var keys: [String] { members.map(\.key) }
  public var count: Int { members.count }
  public var isEmpty: Bool { members.isEmpty }

  public func makeIterator() -> IndexingIterator<[(key: String, value: JSON)]> {
    members.makeIterator()
  }

  /// Whether both hold the same members, in whatever order.
  public static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
  }

  /// Where `key` is among the members, and where it is or would be in `order`.
  private func find(_ key: String) -> (index: Int?, rank: Int) {
    guard !order.isEmpty else {
      return (members.firstIndex { Self.compare($0.key, key) == 0 }, 0)
    }
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      let difference = Self.compare(members[Int(order[middle])].key, key)
      if difference == 0 { return (Int(order[middle]), middle) }
      if difference < 0 { low = middle + 1 } else { high = middle }
    }
    return (nil, low)
  }

  private mutating func sortOrder() {
    let members = members
    order = (0..<Int32(members.count)).sorted {
      Self.compare(members[Int($0)].key, members[Int($1)].key) < 0
    }
  }

  /// Below, equal to or above 0 as `a` sorts before, with or behind `b`: shorter ones first, then by
  /// their bytes. (`==` of strings takes different spellings of one letter for the same.)
  private static func compare(_ a: String, _ b: String) -> Int {
    let a = a.utf8.span
    let b = b.utf8.span
    guard a.count == b.count else { return a.count - b.count }
    for index in a.indices where a[index] != b[index] { return Int(a[index]) - Int(b[index]) }
    return 0
  }
}
