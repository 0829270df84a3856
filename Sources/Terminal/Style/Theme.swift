/// The name of a part of the screen, such as `ui.border.focus`; themes say how it looks.
public struct Role: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  public let name: String
  public init(_ name: String) { self.name = name }
  public init(stringLiteral name: String) { self.name = name }
  public var description: String { name }
}

/// What frames are drawn with.
public enum FrameSet: String, Sendable, CaseIterable {
  /// `+`, `-` and `|`, one column wide in every terminal.
  case ascii
  /// Unicode box drawing, which Japanese terminals may draw two columns wide.
  case light
}

/// How each role looks: colours reduced to what the terminal has, attributes, and a sign.
///
/// A role without an entry looks like the longest of its beginnings that has one: `ui.border.focus`
/// falls back on `ui.border`, then on `ui`. A sign (`glyph`) says the same without colour.
public struct Theme: Sendable, Equatable {
  /// The name in the file.
  public let name: String
  /// Whether it is made for a light background.
  public let isLight: Bool
  /// The colours its entries were reduced to.
  public let depth: ColourDepth
  /// What frames are drawn with.
  public var frame: FrameSet
  /// Keys of the file that mean nothing, to warn of.
  public let warnings: [String]

  let styles: [String: Style]
  let glyphs: [String: String]
  let series: [Style]
  let gradients: [String: [Style]]

  init(
    name: String, isLight: Bool, depth: ColourDepth, frame: FrameSet, warnings: [String],
    styles: [String: Style], glyphs: [String: String], series: [Style],
    gradients: [String: [Style]]
  ) {
    self.name = name
    self.isLight = isLight
    self.depth = depth
    self.frame = frame
    self.warnings = warnings
    self.styles = styles
    self.glyphs = glyphs
    self.series = series
    self.gradients = gradients
  }

  /// The style of `role`.
  public subscript(role: Role) -> Style {
    Theme.lookup(role.name, in: styles) ?? .plain
  }

  /// The sign of `role`, one column wide, or `standard` if the theme gives none.
  public func glyph(_ role: Role, else standard: String) -> String {
    Theme.lookup(role.name, in: glyphs) ?? standard
  }

  /// The style of the series with that index; they repeat after the last.
  public func series(_ index: Int) -> Style {
    series.isEmpty ? .plain : series[((index % series.count) + series.count) % series.count]
  }

  /// The style of `gradient` at `fraction` of the way from its first to its last stop.
  public func gradient(_ gradient: String, at fraction: Double) -> Style {
    guard let stops = gradients[gradient], !stops.isEmpty, fraction.isFinite else { return .plain }
    let position = (min(1, max(0, fraction)) * Double(stops.count - 1)).rounded()
    return stops[Int(position)]
  }

  private static func lookup<Value>(_ name: String, in table: [String: Value]) -> Value? {
    var key = Substring(name)
    while true {
      if let value = table[String(key)] { return value }
      guard let dot = key.lastIndex(of: ".") else { return nil }
      key = key[..<dot]
    }
  }

  /// A theme of attributes alone, for tests and for screens before a file is read.
  public static let plain = Theme(
    name: "plain", isLight: false, depth: .none, frame: .ascii, warnings: [],
    styles: [
      "ui.title": Style(attributes: .bold), "ui.tab.current": Style(attributes: [.bold, .reverse]),
      "ui.border.focus": Style(attributes: .bold), "ui.selection": Style(attributes: .reverse),
      "ui.placeholder": Style(attributes: .dim), "ui.text.dim": Style(attributes: .dim),
      "ui.header": Style(attributes: .bold), "ui.key": Style(attributes: .bold),
      "ui.match": Style(attributes: [.bold, .underline]),
      "ui.error": Style(attributes: .bold), "ui.bar.full": Style(attributes: .bold),
      "chart.superseded": Style(attributes: .dim), "chart.axis": Style(attributes: .dim),
      "chart.mark": Style(attributes: .bold),
    ],
    glyphs: [:], series: [.plain], gradients: [:])
}
