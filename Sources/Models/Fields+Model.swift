import Base

extension Fields {
  /// One token id, a list of them, or none.
  mutating func tokens(_ key: String) throws(Failure) -> [Int] {
    guard let value = json(key), !value.isNull else { return [] }
    var ids: [Int] = []
    for item in value.array ?? [value] {
      guard let id = item.int, (0..<1 << 31).contains(id) else {
        throw wrong(key, "is \(value.text())", remedy: "Give a token id.")
      }
      ids.append(id)
    }
    return ids
  }

  /// Refuses a value that is there and another than the one that is built.
  mutating func require(_ key: String, is only: JSON) throws(Failure) {
    if let value = json(key), !value.isNull, value != only {
      throw wrong(key, "is \(value.text())", remedy: "Only \(only.text()) is built here.")
    }
  }
}
