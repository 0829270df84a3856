import Base

extension Format {
  /// A number for a column of at most eight places; "-" if there is none.
  static func value(_ value: Double?, _ digits: Int = 4) -> String {
    value.map { significant($0, digits) } ?? "-"
  }

  /// An experiment's number as its folder has it.
  static func experiment(_ number: Int) -> String { pad(number, 4) }

  /// A noun with its count: `1 document`, `1,204 documents`.
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(self.count(count)) \(noun)\(count == 1 ? "" : "s")"
  }
}
