/// A regular expression that is a plain text, perhaps only at the very beginning.
struct AnchoredPattern: Equatable, Sendable {
  /// Whether it matches at the beginning of the text only.
  var isAnchored: Bool
  var text: String

  init(isAnchored: Bool, text: String) {
    self.isAnchored = isAnchored
    self.text = text
  }

  /// Reads an expression; `nil` if it is more than that.
  ///
  /// In Ruby's syntax `^` matches after each line break too, so that only `(?<!\n)^` and `\A` mean
  /// the beginning.
  init?(_ expression: String) {
    var rest = expression[...]
    isAnchored = false
    for anchor in ["(?<!\\n)^", "(?<!\n)^", "\\A"] where rest.hasPrefix(anchor) && !isAnchored {
      rest = rest.dropFirst(anchor.count)
      isAnchored = true
    }
    // By code points: a sign with a combining mark is another character, but the same sign to the expression.
    let special = "\\^$.|?*+()[]{}".unicodeScalars
    guard !rest.unicodeScalars.contains(where: special.contains) else { return nil }
    text = String(rest)
  }
}
