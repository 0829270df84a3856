public import Base

/// A theme file as a plain value; whoever calls has parsed the YAML. Every scalar is text.
public enum ThemeDefinition: Sendable, Equatable {
  case text(String)
  case list([ThemeDefinition])
  case table([String: ThemeDefinition])
}

extension Theme {
  /// Builds a theme from its file.
  ///
  /// The top level has `name`, `variant` (`dark` or `light`), `palette` (names for colours),
  /// `cycle: {series: [colour, …]}`, `gradient` (name → two or more colours),
  /// `glyphs: {frame: ascii|light}`; every other table is a family of roles, its keys dotted.
  /// A role is a colour or `{fg, bg, mods, glyph}`; a colour is a name of the palette, one of the
  /// sixteen names, `default`, `#rrggbb`, or `{rgb, c256, c16}` with an entry for each depth.
  /// - Parameters:
  ///   - definition: the parsed file.
  ///   - depth: the colours to reduce to; with `.none` only `mods` and `glyph` count.
  /// - Throws: ``Base/Failure`` naming the key, for a value that is no colour, attribute or sign.
  public init(_ definition: ThemeDefinition, depth: ColourDepth) throws(Failure) {
    var builder = ThemeBuilder(depth: depth)
    self = try builder.build(definition)
  }
}

/// Reads a definition key by key.
private struct ThemeBuilder {
  let depth: ColourDepth
  private var palette: [String: ThemeDefinition] = [:]
  private var warnings: [String] = []
  private var styles: [String: Style] = [:]
  private var glyphs: [String: String] = [:]

  init(depth: ColourDepth) { self.depth = depth }

  mutating func build(_ definition: ThemeDefinition) throws(Failure) -> Theme {
    guard case .table(let top) = definition else {
      throw Failure("the theme is not a table", remedy: "Begin with name: and palette:.")
    }
    var name = "unnamed"
    var isLight = false
    var frame = FrameSet.ascii
    var series: [Style] = []
    var gradients: [String: [Style]] = [:]
    if let colours = top["palette"] { palette = try table(colours, "palette") }
    for key in top.keys.sorted() {
      guard let value = top[key] else { continue }
      switch key {
      case "palette":
        break
      case "name":
        name = try text(value, key)
      case "variant":
        isLight = try choice(value, key, ["dark", "light"]) == "light"
      case "cycle":
        for (inner, list) in try sorted(value, key) {
          guard inner == "series" else { warn("\(key).\(inner)"); continue }
          series = try colours(list, "cycle.series").map { Style(foreground: $0) }
        }
      case "gradient":
        for (inner, list) in try sorted(value, key) {
          gradients[inner] = try colours(list, "\(key).\(inner)").map { Style(foreground: $0) }
        }
      case "glyphs":
        for (inner, item) in try sorted(value, key) {
          guard inner == "frame" else { warn("\(key).\(inner)"); continue }
          let choices = FrameSet.allCases.map(\.rawValue)
          frame = FrameSet(rawValue: try choice(item, "glyphs.frame", choices)) ?? .ascii
        }
      default:
        guard case .table = value else { warn(key); continue }
        for (inner, item) in try sorted(value, key) { try role("\(key).\(inner)", item) }
      }
    }
    return Theme(
      name: name, isLight: isLight, depth: depth, frame: frame, warnings: warnings, styles: styles,
      glyphs: glyphs, series: depth == .none ? [] : series,
      gradients: depth == .none ? [:] : gradients)
  }

  private mutating func role(_ key: String, _ value: ThemeDefinition) throws(Failure) {
    guard case .table(let entry) = value, entry["rgb"] == nil else {
      styles[key] = style(foreground: try colour(value, key))
      return
    }
    var style = Style.plain
    for (inner, item) in entry.sorted(by: { $0.key < $1.key }) {
      let place = "\(key).\(inner)"
      switch inner {
      case "fg": style = self.style(foreground: try colour(item, place)).over(style)
      case "bg": style.background = depth == .none ? .standard : try colour(item, place).colour
      case "mods": style.attributes.formUnion(try attributes(item, place))
      case "glyph":
        let glyph = try text(item, place)
        guard TextWidth.columns(of: glyph) == 1 else {
          throw Failure(
            "theme: \(place) takes \(TextWidth.columns(of: glyph)) columns",
            remedy: "Give a sign of one column.")
        }
        glyphs[key] = glyph
      default: warn(place)
      }
    }
    styles[key] = style
  }

  /// A reduced colour; in eight colours the brighter ones are the plain ones in bold.
  private typealias Reduced = (colour: Colour, isBright: Bool)

  private func style(foreground: Reduced) -> Style {
    guard depth != .none else { return .plain }
    return Style(
      foreground: foreground.colour, attributes: foreground.isBright ? .bold : [])
  }

  private func colours(_ value: ThemeDefinition, _ place: String) throws(Failure) -> [Colour] {
    guard case .list(let items) = value, items.count >= 2 else {
      throw Failure("theme: \(place) is not a list of colours", remedy: "Give two or more colours.")
    }
    var colours: [Colour] = []
    for item in items { colours.append(try colour(item, place).colour) }
    return colours
  }

  private func colour(
    _ value: ThemeDefinition, _ place: String, fromPalette: Bool = false
  ) throws(Failure) -> Reduced {
    switch value {
    case .text("default"):
      return (.standard, false)
    case .text(let text):
      if let rgb = Palette.parse(text) { return reduce(rgb) }
      if let entry = Palette.names.firstIndex(of: text) { return reduce16(UInt8(entry)) }
      // The palette's own entries may not refer to one another, so that there is no circle.
      if !fromPalette, let named = palette[text] {
        return try colour(named, "palette.\(text)", fromPalette: true)
      }
    case .table(let forms):
      if depth == .full, let entry = forms["c256"] {
        guard case .text(let digits) = entry, let index = UInt8(digits) else { break }
        return (.index(index), false)
      }
      if depth < .full, let entry = forms["c16"] {
        if entry == .text("default") { return (.standard, false) }
        guard case .text(let name) = entry, let index = Palette.names.firstIndex(of: name)
        else { break }
        return reduce16(UInt8(index))
      }
      if case .text(let hex)? = forms["rgb"], let rgb = Palette.parse(hex) { return reduce(rgb) }
    case .list:
      break
    }
    throw Failure(
      "theme: \(place) is not a colour",
      remedy: "Use #rrggbb, a name of the palette, default, or one of "
        + Palette.names.joined(separator: ", ") + ".")
  }

  private func reduce(_ rgb: Palette.RGB) -> Reduced {
    depth == .full
      ? (.index(Palette.nearest256(to: rgb)), false) : reduce16(Palette.nearest16(to: rgb))
  }

  private func reduce16(_ entry: UInt8) -> Reduced {
    depth == .eight && entry >= 8 ? (.index(entry - 8), true) : (.index(entry), false)
  }

  private func attributes(
    _ value: ThemeDefinition, _ place: String
  ) throws(Failure) -> Style.Attributes {
    guard case .list(let items) = value else {
      throw Failure("theme: \(place) is not a list", remedy: "Write it as [bold].")
    }
    var attributes: Style.Attributes = []
    for item in items {
      switch try choice(item, place, ["bold", "dim", "underline", "reverse"]) {
      case "bold": attributes.insert(.bold)
      case "dim": attributes.insert(.dim)
      case "underline": attributes.insert(.underline)
      default: attributes.insert(.reverse)
      }
    }
    return attributes
  }

  private mutating func warn(_ key: String) {
    warnings.append("theme: \(key) means nothing here")
  }

  private func table(
    _ value: ThemeDefinition, _ place: String
  ) throws(Failure) -> [String: ThemeDefinition] {
    guard case .table(let table) = value else {
      throw Failure("theme: \(place) is not a table", remedy: "Give it keys and values.")
    }
    return table
  }

  private func sorted(
    _ value: ThemeDefinition, _ place: String
  ) throws(Failure) -> [(String, ThemeDefinition)] {
    try table(value, place).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func text(_ value: ThemeDefinition, _ place: String) throws(Failure) -> String {
    guard case .text(let text) = value else {
      throw Failure("theme: \(place) is not text", remedy: "Give one word.")
    }
    return text
  }

  private func choice(
    _ value: ThemeDefinition, _ place: String, _ choices: [String]
  ) throws(Failure) -> String {
    let text = try text(value, place)
    guard choices.contains(text) else {
      throw Failure(
        "theme: \(place) is \(text)", remedy: "Use one of \(choices.joined(separator: ", ")).")
    }
    return text
  }
}
