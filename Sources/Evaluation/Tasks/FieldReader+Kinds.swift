import Base

extension FieldReader {
  func level() throws(Failure) -> ReleaseLevel {
    let text = try string()
    guard let level = ReleaseLevel(rawValue: text) else {
      throw failure("is no release level: \"\(text)\"", remedy: "Write L1, L2, L3, LX or LZ.")
    }
    return level
  }

  func category() throws(Failure) -> Category {
    let text = try string()
    guard let category = Category(rawValue: text) else {
      let names = Category.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure("is no category: \"\(text)\"", remedy: "Write one of \(names).")
    }
    return category
  }

  func strings() throws(Failure) -> [String] {
    var strings: [String] = []
    for element in try elements() { strings.append(try element.string()) }
    return strings
  }

  /// The name of a file beside this one: no way out of the folder.
  func fileName() throws(Failure) -> String {
    let text = try string(allowEmpty: false)
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && !$0.elementsEqual("..".utf8) }), !text.utf8.contains(0)
    else {
      throw failure("leads out of the folder: \"\(text)\"", remedy: "Name a file of this folder.")
    }
    return text
  }

  func metric() throws(Failure) -> Metric {
    let text = try string()
    guard let metric = Metric(named: text) else {
      throw failure("is no metric: \"\(text)\"", remedy: Metric.remedy(for: text))
    }
    return metric
  }

  /// A number.
  func double() throws(Failure) -> Double {
    guard let number = value.double else { throw failure("is no number", remedy: "Give a number.") }
    return number
  }

  /// A whole number that counts something.
  func count() throws(Failure) -> Int { try int(in: 0...Int.max) }

  /// A text of any length.
  func text() throws(Failure) -> String {
    guard let text = value.string else {
      throw failure("is no string", remedy: "Make it a string.")
    }
    return text
  }
}
