import Base
import TestSupport
import Testing

@testable import Terminal

/// What the terminal shows after real bytes is what the view drew.
///
/// Serialised with the event loop's tests, because ncurses keeps one screen in global state.
@Suite("Terminal under ncurses", .serialized) struct NcursesTests {
  @Suite("Screen") struct ScreenTests {
    struct Terminal: Sendable, CustomTestStringConvertible {
      let type: String
      let width, height: Int
      var testDescription: String { "\(type) \(width)x\(height)" }
      var erasesWithColour: Bool { type.hasPrefix("xterm") || type == "linux" }
      /// Its description (`ncv#18`) forbids dim and underlined text in colour: ncurses leaves them out.
      var isPlainInColour: Bool { type == "linux" }
    }

    static let terminals = [
      Terminal(type: "xterm-256color", width: 80, height: 24),
      Terminal(type: "xterm-256color", width: 160, height: 45),
      Terminal(type: "tmux-256color", width: 80, height: 24),
      Terminal(type: "tmux-256color", width: 160, height: 45),
      Terminal(type: "xterm", width: 60, height: 16),
      Terminal(type: "screen", width: 23, height: 7),
      Terminal(type: "linux", width: 80, height: 25),
    ]

    /// A screen on a terminal whose other end is read by the emulator.
    final class Stage {
      let pty: PseudoTerminal
      let screen: Screen
      var emulator: VirtualTerminal
      private let terminal: Terminal

      init(_ terminal: Terminal) throws {
        self.terminal = terminal
        pty = PseudoTerminal(width: terminal.width, height: terminal.height)
        screen = try Screen(input: pty.follower, output: pty.follower, terminal: terminal.type)
        emulator = VirtualTerminal(
          width: terminal.width, height: terminal.height,
          erasesWithColour: terminal.erasesWithColour)
      }

      deinit {
        screen.stop()
        pty.close()
      }

      func resize(width: Int, height: Int) {
        emulator.feed(pty.takeAll())
        pty.resize(width: width, height: height)
        emulator.resize(width: width, height: height)
        screen.updateSize()
      }

      /// Presents a frame and compares: `true` if the terminal shows it.
      func shows(_ surface: Surface, _ what: String) -> Bool {
        screen.present(surface)
        emulator.feed(pty.takeAll())
        let difference = firstDifference(
          surface, emulator, isPlainInColour: terminal.isPlainInColour)
        #expect(difference == nil, "\(what)")
        return difference == nil
      }
    }

    @Test(
      "ends in the drawn grid after random frames", arguments: terminals, [1, 2, 3] as [UInt64])
    func random(_ terminal: Terminal, seed: UInt64) throws {
      let stage = try Stage(terminal)
      #expect(stage.screen.size == Size(width: terminal.width, height: terminal.height))
      var painter = RandomPainter(seed: seed, colours: stage.screen.depth.rawValue)
      var surface = Surface(size: stage.screen.size)
      for frame in 0..<40 {
        painter.paint(&surface)
        guard stage.shows(surface, "frame \(frame)") else { return }
      }
      #expect(stage.emulator.unknown == [])
      stage.screen.present(surface)
      #expect(stage.pty.takeAll() == [], "an unchanged frame sends nothing")
    }

    /// Sizes change at any moment, and with them nothing of the old frame is left.
    @Test("ends in the drawn grid after changes of size", arguments: terminals)
    func resized(_ terminal: Terminal) throws {
      let stage = try Stage(terminal)
      var painter = RandomPainter(seed: 9, colours: stage.screen.depth.rawValue)
      for (width, height) in [(100, 30), (40, 9), (41, 9), (terminal.width, 50), (7, 3), (80, 24)] {
        stage.resize(width: width, height: height)
        #expect(stage.screen.size == Size(width: width, height: height))
        var surface = Surface(size: stage.screen.size)
        for frame in 0..<4 {
          painter.paint(&surface)
          guard stage.shows(surface, "\(width)x\(height), frame \(frame)") else { return }
        }
      }
      #expect(stage.emulator.unknown == [])
    }

    /// Every role of every theme that comes with Kaji, one theme after the other on the same screen.
    @Test("ends in the drawn grid in every theme", arguments: terminals)
    func themed(_ terminal: Terminal) throws {
      let stage = try Stage(terminal)
      for name in ["dusk", "paper", "dusk"] {
        let theme = try Theme(ThemeTests.definition(name), depth: stage.screen.depth)
        let roles = theme.styles.keys.sorted()
        for start in stride(from: 0, to: roles.count, by: 17) {
          var surface = Surface(size: stage.screen.size, theme: theme)
          surface.box(surface.bounds, title: "\(name) 色", isFocused: start == 0)
          for (place, role) in roles[start...].prefix(terminal.height - 2).enumerated() {
            let point = Point(x: 2, y: place + 1)
            surface.put("\(role) 損失か\u{3099}\u{1B}[1m", at: point, role: Role(role))
          }
          surface.markSelection(y: 1, isFocused: start == 0)
          guard stage.shows(surface, "\(name) from \(roles[start])") else { return }
        }
      }
    }

    /// The comparison of these tests sees one wrong cell, one wrong style and a wrong cursor.
    @Test func `a difference is found`() throws {
      let stage = try Stage(Terminal(type: "xterm-256color", width: 40, height: 8))
      var surface = Surface(size: stage.screen.size)
      surface.put("損失 2.13", at: Point(x: 3, y: 2), style: Style(attributes: .bold))
      #expect(stage.shows(surface, "the frame itself"))
      for change: (inout Surface) -> Void in [
        { $0.put("l", at: Point(x: 8, y: 2), style: Style(attributes: .bold)) },
        { $0.put("損失", at: Point(x: 3, y: 2), style: Style(attributes: [.bold, .underline])) },
        { $0.put("x", at: Point(x: 39, y: 7)) }, { $0.showCursor(at: Point(x: 0, y: 0)) },
      ] {
        var other = surface
        change(&other)
        #expect(firstDifference(other, stage.emulator) != nil)
      }
    }
  }
}

/// Where `emulator` shows something else than `surface`; `nil` if nowhere.
func firstDifference(
  _ surface: Surface, _ emulator: VirtualTerminal, isPlainInColour: Bool = false
) -> String? {
  for y in 0..<surface.gridSize.height {
    for (x, cell) in surface.row(y).enumerated() {
      let seen = emulator.cells[y][x]
      let expected = cell.glyph.isContinuation ? [] : cell.glyph.scalars
      if seen.text != expected {
        return "(\(x), \(y)): drawn \(expected.map(\.value)), seen \(seen.text.map(\.value))"
      }
      // A blank looks the same in any foreground.
      var (a, b) = (attributes(of: cell.style), seen.attributes)
      if isPlainInColour, a.foreground != nil || a.background != nil {
        (a.dim, a.underline) = (false, false)
      }
      if cell.glyph == .blank, !a.reverse, !a.underline {
        a = .init()
        a.background = attributes(of: cell.style).background
        let background = b.background
        b = .init()
        b.background = background
      }
      if a != b { return "(\(x), \(y)): drawn as \(a), seen as \(b)" }
    }
  }
  if let cursor = surface.cursor {
    guard emulator.isCursorVisible, emulator.column == cursor.x, emulator.row == cursor.y else {
      return "cursor at \(emulator.column), \(emulator.row), not \(cursor)"
    }
  } else if emulator.isCursorVisible {
    return "cursor visible"
  }
  return nil
}

private func attributes(of style: Style) -> VirtualTerminal.Attributes {
  var attributes = VirtualTerminal.Attributes()
  attributes.bold = style.attributes.contains(.bold)
  attributes.dim = style.attributes.contains(.dim)
  attributes.underline = style.attributes.contains(.underline)
  attributes.reverse = style.attributes.contains(.reverse)
  if case .index(let entry) = style.foreground { attributes.foreground = Int(entry) }
  if case .index(let entry) = style.background { attributes.background = Int(entry) }
  return attributes
}

extension NcursesTests {
  @Suite("Refusals") struct RefusalTests {
    @Test func `no terminal, a dumb one and an unknown one are refused with a cure`() throws {
      #expect(throws: Failure.self) { try Screen(input: 0, output: 1, terminal: "dumb") }
      let pty = PseudoTerminal(width: 80, height: 24)
      defer { pty.close() }
      for type in ["", "dumb", "no-such-terminal\u{1B}[31m"] {
        let failure = #expect(throws: Failure.self) {
          try Screen(input: pty.follower, output: pty.follower, terminal: type)
        }
        #expect(failure?.remedy.contains("TERM") == true)
        #expect(failure?.description.contains("\u{1B}") == false)
      }
      #expect(pty.takeAll() == [])
    }
  }
}
