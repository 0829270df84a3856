import Base
import Testing

@testable import Terminal

@Suite("Themes") struct ThemeTests {
  /// Reads the narrow YAML the theme files keep to: two levels, and flow lists and tables.
  ///
  /// The program reads them with libyaml; these tests must not depend on that module.
  static func definition(_ name: String) throws -> ThemeDefinition {
    let root = Path(#filePath).parent.parent.parent
    let text = try Files.readText(root / "themes" / "\(name).yaml")
    var top: [String: ThemeDefinition] = [:]
    var section: (name: String, entries: [String: ThemeDefinition])?
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = String(line[..<colon].drop { $0 == " " })
      var rest = line[line.index(after: colon)...].drop { $0 == " " }
      if line.hasPrefix(" ") {
        section?.entries[key] = flow(&rest)
      } else {
        if let section { top[section.name] = .table(section.entries) }
        section = nil
        if rest.isEmpty { section = (key, [:]) } else { top[key] = flow(&rest) }
      }
    }
    if let section { top[section.name] = .table(section.entries) }
    return .table(top)
  }

  private static func flow(_ text: inout Substring) -> ThemeDefinition {
    func skip() { text = text.drop { $0 == " " || $0 == "," } }
    skip()
    switch text.first {
    case "{":
      text.removeFirst()
      var table: [String: ThemeDefinition] = [:]
      skip()
      while let first = text.first, first != "}" {
        let key = String(text.prefix { $0 != ":" })
        text = text.dropFirst(key.count + 1)
        table[key] = flow(&text)
        skip()
      }
      text = text.dropFirst()
      return .table(table)
    case "[":
      text.removeFirst()
      var list: [ThemeDefinition] = []
      skip()
      while let first = text.first, first != "]" {
        list.append(flow(&text))
        skip()
      }
      text = text.dropFirst()
      return .list(list)
    case "\"":
      let body = text.dropFirst().prefix { $0 != "\"" }
      text = text[body.endIndex...].dropFirst()
      return .text(String(body))
    default:
      let body = text.prefix { !",]}".contains($0) }
      text = text[body.endIndex...]
      return .text(String(body))
    }
  }

  static let names = ["dusk", "paper"]
  static let depths: [ColourDepth] = [.none, .eight, .sixteen, .full]

  @Test("are read at every depth without warnings", arguments: names, depths)
  func reading(name: String, depth: ColourDepth) throws {
    let theme = try Theme(Self.definition(name), depth: depth)
    #expect(theme.name == name)
    #expect(theme.isLight == (name == "paper"))
    #expect(theme.warnings == [])
    for style in theme.styles.values {
      for colour in [style.foreground, style.background] {
        guard case .index(let entry) = colour else { continue }
        #expect(Int(entry) < depth.rawValue)
      }
    }
  }

  /// 4.5:1 for whatever is read, on a black or a white background, after reduction to 256.
  @Test("can be read", arguments: names)
  func contrast(name: String) throws {
    let theme = try Theme(Self.definition(name), depth: .full)
    let background: Palette.RGB =
      theme.isLight
      ? .init(red: 255, green: 255, blue: 255) : .init(red: 0x1E, green: 0x1E, blue: 0x1E)
    let frames = ["ui.border", "ui.bar.empty", "ui.key.disabled", "chart.superseded"]
    for (role, style) in theme.styles where !frames.contains(role) {
      guard case .index(let entry) = style.foreground else { continue }
      let contrast = Palette.contrast(Palette.rgb(of: entry), background)
      #expect(contrast >= 4.5, "\(role): \(contrast)")
    }
  }

  /// What must be told apart differs in sign or attribute once colours are gone.
  @Test("mean the same without colour", arguments: names)
  func withoutColour(name: String) throws {
    let theme = try Theme(Self.definition(name), depth: .none)
    let groups: [[Role]] = [
      ["status.running", "status.queued", "status.done", "status.stopped", "status.failed"],
      ["level.L1", "level.L2", "level.L3", "level.LX", "level.LZ"],
      ["score.right", "score.wrong"],
      ["event.info", "event.warning", "event.error", "event.spike"],
      ["chart.spike", "chart.checkpoint", "chart.resume", "chart.nan"],
      ["ui.selection", "ui.text"], ["ui.tab", "ui.tab.current"],
    ]
    for group in groups {
      let looks = group.map { "\(theme.glyph($0, else: "")) \(theme[$0])" }
      #expect(Set(looks).count == group.count, "\(group)")
      for role in group { #expect(theme[role].foreground == .standard) }
    }
  }

  @Test func `the longest beginning of a role counts`() throws {
    let theme = try Theme(Self.definition("dusk"), depth: .full)
    #expect(theme["ui.border.focus.left"] == theme["ui.border.focus"])
    #expect(theme["ui.border.other"] == theme["ui.border"])
    #expect(theme["nothing.of.this"] == .plain)
    #expect(theme.glyph("chart.spike.first", else: "?") == "v")
    #expect(theme.series(0) == theme.series(8))
    #expect(theme.gradient("heat", at: 1) != theme.gradient("heat", at: 0))
    #expect(theme.gradient("heat", at: .nan) == .plain)
  }

  @Test func `reduction picks what looks nearest`() {
    // Exact entries of the cube and of the greys map to themselves.
    for entry in [16, 21, 46, 67, 124, 179, 196, 226, 231, 232, 244, 255] as [UInt8] {
      let nearest = Palette.nearest256(to: Palette.rgb(of: entry))
      #expect(Palette.rgb(of: nearest) == Palette.rgb(of: entry))
    }
    #expect(Palette.nearest16(to: .init(red: 250, green: 10, blue: 10)) == 9)
    #expect(Palette.nearest16(to: .init(red: 5, green: 5, blue: 5)) == 0)
    #expect(Palette.parse("#12ab") == nil)
    #expect(Palette.parse("#+12345") == nil)
    #expect(Palette.parse("#0080fF") == .init(red: 0, green: 128, blue: 255))
  }

  static let faulty: [(ThemeDefinition, String)] = [
    (.text("x"), "not a table"),
    (.table(["ui": .table(["a": .text("mauve")])]), "ui.a is not a colour"),
    (.table(["ui": .table(["a": .table(["mods": .text("bold")])])]), "ui.a.mods is not a list"),
    (.table(["ui": .table(["a": .table(["glyph": .text("大")])])]), "ui.a.glyph takes 2 columns"),
    (.table(["variant": .text("grey")]), "variant is grey"),
    (
      .table([
        "palette": .table(["a": .text("b"), "b": .text("a")]), "ui": .table(["x": .text("a")]),
      ]),
      "palette.a is not a colour"
    ),
  ]

  @Test("refuse faulty files, naming the key", arguments: faulty)
  func refusing(_ entry: (definition: ThemeDefinition, problem: String)) {
    let failure = #expect(throws: Failure.self) { try Theme(entry.definition, depth: .full) }
    #expect(failure?.problem.contains(entry.problem) == true, "\(failure?.problem ?? "")")
  }

  @Test func `NO_COLOR counts when it is not empty`() {
    #expect(ColourDepth.choose(colours: 256, noColour: nil) == .full)
    #expect(ColourDepth.choose(colours: 256, noColour: "") == .full)
    #expect(ColourDepth.choose(colours: 256, noColour: "1") == .none)
    #expect(ColourDepth.choose(colours: 16, noColour: nil) == .sixteen)
    #expect(ColourDepth.choose(colours: 8, noColour: nil) == .eight)
    #expect(ColourDepth.choose(colours: -1, noColour: nil) == .none)
  }
}
