import Base
import Formats
import Terminal

/// The themes in a folder of YAML files.
struct ThemeFolder {
  /// The wanted one first, then the others by name; never empty.
  var themes: [Theme] = []
  /// One line for each file that is no theme, and for each line of a theme that means nothing.
  var problems: [String] = []

  /// Reads all themes.
  ///
  /// - Parameters:
  ///   - folder: need not exist.
  ///   - wanted: the name of the theme to begin with.
  init(_ folder: Path, wanted: String?, depth: ColourDepth) {
    let names = ((try? Files.list(folder)) ?? []).filter { $0.hasSuffix(".yaml") }
    for name in names {
      do {
        let definition = ThemeDefinition(try YAML.read(folder / name).root)
        let theme = try Theme(definition, depth: depth)
        themes.append(theme)
        problems += theme.warnings.map { "\(name): \($0)" }
      } catch {
        problems.append("\(name): \(oneLine(error))")
      }
    }
    if let place = themes.firstIndex(where: { $0.name == wanted }) {
      themes.insert(themes.remove(at: place), at: 0)
    } else if let wanted, !themes.isEmpty {
      problems.append("there is no theme \(Sanitiser.visible(wanted)); kaji.yaml names it")
    }
    if themes.isEmpty { themes = [.plain] }
  }
}

extension ThemeDefinition {
  /// A value of a theme's file; numbers and the like are text there.
  init(_ json: JSON) {
    switch json {
    case .object(let object):
      self = .table(
        Dictionary(object.map { ($0.key, ThemeDefinition($0.value)) }) { first, _ in first })
    case .array(let items): self = .list(items.map { ThemeDefinition($0) })
    case .string(let text): self = .text(text)
    case .null: self = .text("default")
    case .bool, .integer, .number: self = .text(json.text())
    }
  }
}
