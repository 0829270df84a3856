/// Names that become folders or files.
public enum Name {
  /// Whether a text can name a thing: letters, digits, `-`, `_` and `.`, beginning with a letter or
  /// digit, of at most 120 bytes.
  public static func isValid(_ text: String) -> Bool {
    func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
    }
    guard let first = text.unicodeScalars.first, isLetterOrDigit(first), text.utf8.count <= 120
    else {
      return false
    }
    return text.unicodeScalars.allSatisfy {
      isLetterOrDigit($0) || "-_.".unicodeScalars.contains($0)
        || $0.properties.generalCategory == .nonspacingMark
    }
  }

  /// Whether a text from outside names a file of a folder, and nothing above or below it: it is not empty, begins
  /// with no dot, and holds no slash and no zero byte.
  public static func isFile(_ text: String) -> Bool {
    // By bytes, as the system reads it: a slash with a combining mark is no slash to `contains`.
    guard let first = text.utf8.first, first != UInt8(ascii: ".") else { return false }
    return text.utf8.allSatisfy { $0 != UInt8(ascii: "/") && $0 != 0 }
  }

  /// Refuses what would not be safe or readable as the name of a folder.
  ///
  /// - Parameter what: what the name is for, as "slug".
  /// - Throws: ``Failure`` that says which names are.
  public static func check(_ name: String, _ what: String) throws(Failure) {
    guard isValid(name) else {
      throw Failure(
        "\"\(Sanitiser.visible(name))\" cannot be a \(what)",
        remedy: "Use letters, digits, '-', '_' and '.', beginning with a letter or digit.")
    }
  }
}
