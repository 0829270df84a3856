internal import CNcurses

/// What the terminal's own description says.
enum Terminfo {
  /// A string capability; `nil` if the terminal has none.
  static func string(_ name: String) -> [UInt8]? {
    guard let value = unsafe tigetstr(name), Int(bitPattern: value) != -1 else { return nil }
    return unsafe Array(String(cString: value).utf8)
  }

  /// A yes-or-no capability.
  static func flag(_ name: String) -> Bool { unsafe tigetflag(name) == 1 }

  /// Escape sequences of the terminal's keys.
  static func keySequences() -> [[UInt8]: Key] {
    var sequences: [[UInt8]: Key] = [:]
    let names: [(String, Key)] =
      [
        ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home),
        ("kend", .end), ("kpp", .pageUp), ("knp", .pageDown), ("kich1", .insert),
        ("kdch1", .delete), ("kcbt", .backTab), ("kLFT5", .wordLeft), ("kRIT5", .wordRight),
      ] + (1...12).map { ("kf\($0)", .function($0)) }
    for (name, key) in names {
      // One-byte sequences are control characters, which mean themselves.
      if let sequence = string(name), sequence.count > 1 { sequences[sequence] = key }
    }
    return sequences
  }
}
