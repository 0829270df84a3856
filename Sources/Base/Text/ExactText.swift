/// A text that is told apart from others by its bytes, as keys of files are.
///
/// `==` of strings takes two spellings of one letter, composed and decomposed, for the same; a dictionary
/// by `String` would lose one of two such keys.
public struct ExactText: Hashable, Comparable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public let string: String

  public init(_ string: String) { self.string = string }

  public init(stringLiteral value: String) { string = value }

  public static func == (a: ExactText, b: ExactText) -> Bool {
    a.string.utf8.elementsEqual(b.string.utf8)
  }

  public static func < (a: ExactText, b: ExactText) -> Bool {
    a.string.utf8.lexicographicallyPrecedes(b.string.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for byte in string.utf8 { hasher.combine(byte) }
  }

  public var description: String { string }
}
