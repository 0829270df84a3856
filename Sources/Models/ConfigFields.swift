import Base

/// The fields of a configuration, read with errors that name them.
struct ConfigFields {
  private let object: JSONObject

  init(_ object: JSONObject) { self.object = object }

  /// A whole number of at least 1.
  func size(_ key: String, default standard: Int? = nil, upTo limit: Int = 1 << 24) throws -> Int {
    guard let value = present(key) else {
      guard let standard else {
        throw Failure("\(key) is missing", remedy: "Add \(key) to the model's configuration.")
      }
      return standard
    }
    guard let number = value.int, (1...limit).contains(number) else {
      throw Failure(
        "\(key) is \(value.text())", remedy: "Give a whole number from 1 to \(limit).")
    }
    return number
  }

  /// A finite number of at least 0.
  func number(_ key: String, default standard: Double) throws -> Double {
    guard let value = present(key) else { return standard }
    guard let number = value.double, number.isFinite, number >= 0 else {
      throw Failure("\(key) is \(value.text())", remedy: "Give a number of at least 0.")
    }
    return number
  }

  /// True or false.
  func flag(_ key: String, default standard: Bool) throws -> Bool {
    guard let value = present(key) else { return standard }
    guard let flag = value.bool else {
      throw Failure("\(key) is \(value.text())", remedy: "Give true or false.")
    }
    return flag
  }

  /// One token id, a list of them, or none.
  func tokens(_ key: String) throws -> [Int] {
    guard let value = present(key) else { return [] }
    let items = value.array ?? [value]
    return try items.map { item in
      guard let id = item.int, (0..<1 << 31).contains(id) else {
        throw Failure("\(key) is \(value.text())", remedy: "Give a token id.")
      }
      return id
    }
  }

  /// Refuses a value that is there and another than the one that is built.
  func require(_ key: String, is only: JSON) throws {
    if let value = present(key), value != only {
      throw Failure("\(key) is \(value.text())", remedy: "Only \(only.text()) is built here.")
    }
  }

  /// Refuses keys that mean nothing, with the nearest one that does.
  func reject(unknownBeyond known: Set<String>) throws {
    for key in object.keys where !known.contains(key) {
      throw Failure(
        "unknown key \"\(key)\" in the model's configuration",
        remedy: nearest(to: key, among: known.sorted()).map { "Did you mean \"\($0)\"?" }
          ?? "Remove it.")
    }
  }

  private func present(_ key: String) -> JSON? {
    // Not with nil in a ternary: a nil literal would be JSON's own null.
    guard let value = object[key], !value.isNull else { return nil }
    return value
  }
}
