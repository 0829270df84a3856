import Base

/// Names that become folders.
enum Name {
  /// Refuses what would not be safe or readable as the name of a folder.
  ///
  /// - Parameter what: what the name is for, as "slug".
  static func check(_ name: String, _ what: String) throws {
    let isPlain = name.allSatisfy { character in
      character.isLetter || character.isNumber || "-_.".contains(character)
    }
    guard isPlain, let first = name.first, first.isLetter || first.isNumber,
      name.utf8.count <= 120
    else {
      throw Failure(
        "\"\(Sanitiser.visible(name))\" cannot be a \(what)",
        remedy: "Use letters, digits, '-', '_' and '.', beginning with a letter or digit.")
    }
  }
}
