import Base
import TestSupport
import Testing

@testable import Terminal

/// Damaged themes are read or refused; nothing traps.
@Suite("Damaged themes") struct ThemeFuzzTests {
  @Test func `a theme is read or refused`() throws {
    let seeds = try ["dusk", "paper"].map { Self.json(try ThemeTests.definition($0)) }
    var fuzzer = JSONFuzzer(
      seeds: seeds,
      values: ["#12345", "#gggggg", "light-red", "ink", ["bold", "bold"], ["rgb": "#000000"]],
      seed: 51)
    var accepted = 0
    var refused = 0
    try fuzzer.run { tree in
      var gotFar = false
      for depth in [ColourDepth.full, .none] {
        do {
          let theme = try Theme(Self.definition(tree), depth: depth)
          _ = (theme.warnings, theme[Role("ui.text.dim")], theme.series(-7), theme.series(1 << 40))
          accepted += 1
          gotFar = true
        } catch let error as Failure {
          refused += 1
          // It got far if something within a family was reached.
          if error.problem.contains(".") { gotFar = true }
        }
      }
      return gotFar
    }
    #expect(accepted > 0 && refused > 0)
  }

  private static func json(_ definition: ThemeDefinition) -> JSON {
    switch definition {
    case .text(let text): .string(text)
    case .list(let items): .array(items.map(json))
    case .table(let table):
      .object(table.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) })
    }
  }

  private static func definition(_ json: JSON) -> ThemeDefinition {
    switch json {
    case .array(let items): .list(items.map(definition))
    case .object(let object):
      .table(Dictionary(object.map { ($0.key, definition($0.value)) }) { first, _ in first })
    case .string(let text): .text(text)
    default: .text(json.text())
    }
  }
}
