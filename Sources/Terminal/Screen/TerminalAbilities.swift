internal import Base
internal import CNcurses
internal import Glibc

/// What the terminal of this process can do, found out without drawing on it.
public struct TerminalAbilities: Sendable {
  /// The version of ncurses.
  public let library: String
  /// The name of the terminal's description; empty if `TERM` is not set.
  public let name: String
  /// Whether ncurses knows a terminal of that name.
  public let isKnown: Bool
  /// Colours as its description says.
  public let colours: Int
  /// The colours that are used.
  public let depth: ColourDepth
  /// Whether text goes out as UTF-8.
  public let isUTF8: Bool
  /// Whether standard input and output are a terminal.
  public let isTerminal: Bool
  /// "tmux" or "screen", if it runs inside one.
  public let multiplexer: String?

  /// Asks the environment and the terminal's description.
  public init() {
    library = unsafe String(cString: curses_version())
    name = environment("TERM") ?? ""
    var problem: CInt = 0
    let code = name.isEmpty ? ERR : unsafe setupterm(nil, 1, &problem)
    isKnown = code == OK
    colours = isKnown ? max(0, Int(unsafe tigetnum("colors"))) : 0
    depth = .choose(colours: colours, noColour: environment("NO_COLOR"))
    isUTF8 = unsafe String(cString: nl_langinfo(CInt(CODESET))) == "UTF-8"
    isTerminal = isatty(0) == 1 && isatty(1) == 1
    multiplexer =
      environment("TMUX") != nil ? "tmux" : environment("STY") != nil ? "screen" : nil
  }
}
