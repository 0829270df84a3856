/// A colour of the terminal: its own default, or an entry of its palette.
///
/// Kaji never redefines palette entries, because those outlive the program in some terminals.
public enum Colour: Hashable, Sendable {
  /// What the terminal uses when nothing is asked for.
  case standard
  /// Entry 0–15 (the terminal's own sixteen) or 16–255 (colour cube and greys).
  case index(UInt8)
}

/// How one cell is drawn: colours already reduced to what the terminal has, and attributes.
public struct Style: Hashable, Sendable {
  /// Attributes that work without colour.
  public struct Attributes: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let bold = Attributes(rawValue: 1)
    public static let dim = Attributes(rawValue: 2)
    public static let underline = Attributes(rawValue: 4)
    public static let reverse = Attributes(rawValue: 8)
  }

  public var foreground: Colour
  public var background: Colour
  public var attributes: Attributes

  /// The terminal's default colours without attributes.
  public static let plain = Style()

  public init(
    foreground: Colour = .standard, background: Colour = .standard, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The same colours with `attributes` added.
  public func adding(_ attributes: Attributes) -> Style {
    var style = self
    style.attributes.formUnion(attributes)
    return style
  }

  /// This style laid over `other`: colours it does not set show through, attributes add up.
  public func over(_ other: Style) -> Style {
    Style(
      foreground: foreground == .standard ? other.foreground : foreground,
      background: background == .standard ? other.background : background,
      attributes: attributes.union(other.attributes))
  }
}

extension Style: CustomStringConvertible {
  /// Such as `fg 179 bold`, or `plain`; what style snapshots of tests print.
  public var description: String {
    var parts: [String] = []
    if case .index(let entry) = foreground { parts.append("fg \(entry)") }
    if case .index(let entry) = background { parts.append("bg \(entry)") }
    if attributes.contains(.bold) { parts.append("bold") }
    if attributes.contains(.dim) { parts.append("dim") }
    if attributes.contains(.underline) { parts.append("underline") }
    if attributes.contains(.reverse) { parts.append("reverse") }
    return parts.isEmpty ? "plain" : parts.joined(separator: " ")
  }
}
