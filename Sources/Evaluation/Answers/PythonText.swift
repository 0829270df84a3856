/// Texts as Python sees them: sequences of code points.
///
/// The metrics are defined by Python programs. Swift's `Character` would take "\r\n" for one
/// character and its `==` would take a letter and its decomposed form for the same, so everything
/// here works on scalars.
enum PythonText {
  typealias Scalars = [Unicode.Scalar]

  /// Whether `str.isspace` holds: Unicode's White_Space and the four ASCII separators.
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F,
      0x205F, 0x3000:
      true
    default: false
    }
  }

  /// Whether `\w` of a regular expression matches: letters, numbers, the underscore. Combining marks
  /// are not words in Python.
  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "_": return true
      default: return false
      }
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return true
    default: return scalar.properties.numericType != nil
    }
  }

  /// `str.strip`.
  static func strip(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
    guard let first = text.firstIndex(where: { !isSpace($0) }),
      let last = text.lastIndex(where: { !isSpace($0) })
    else { return [] }
    return text[first...last]
  }

  /// `str.split`: the runs without white space.
  static func split(_ text: some Collection<Unicode.Scalar>) -> [Scalars] {
    text.split(whereSeparator: isSpace).map { Array($0) }
  }

  /// `str.split("\n")`: at least one line, empty ones included.
  static func lines(_ text: String) -> [ArraySlice<Unicode.Scalar>] {
    Array(text.unicodeScalars).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// `str.lower`, the Greek final sigma included (Unicode, section 3.13).
  static func lowercase(_ text: Scalars) -> Scalars {
    var result: Scalars = []
    result.reserveCapacity(text.count)
    for (index, scalar) in text.enumerated() {
      if scalar == "\u{3A3}" {
        result.append(isFinalSigma(text, index) ? "\u{3C2}" : "\u{3C3}")
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  /// Whether a cased letter stands before `index` and none behind it, ignorable marks aside.
  private static func isFinalSigma(_ text: Scalars, _ index: Int) -> Bool {
    let before = text[..<index].last { !$0.properties.isCaseIgnorable }
    let behind = text[(index + 1)...].first { !$0.properties.isCaseIgnorable }
    return before?.properties.isCased == true && behind?.properties.isCased != true
  }
}
