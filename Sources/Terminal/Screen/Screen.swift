public import Base
internal import CNcurses
internal import Glibc

/// The terminal: the only code that talks to ncurses.
///
/// ncurses keeps global state, so there is one screen at a time, used by one thread. The screen is
/// given back by ``stop()`` or when the value goes away.
@safe public final class Screen {
  /// Columns and rows of the terminal.
  public private(set) var size: Size
  /// How many colours to use here: what the terminal has, unless `NO_COLOR` is set.
  public let depth: ColourDepth
  /// Escape sequences of this terminal's keys, for ``KeyDecoder``.
  let keySequences: [[UInt8]: Key]
  let input: CInt

  private let output: CInt
  private var screen: OpaquePointer?
  private var window: UnsafeMutablePointer<WINDOW>?
  private let files: (UnsafeMutablePointer<FILE>, UnsafeMutablePointer<FILE>)
  private let bracketedPaste: (on: [UInt8], off: [UInt8])
  private var pairs: [ColourPair: CInt] = [:]
  /// The style of the cell drawn last, in ncurses' terms; most cells look like their neighbour.
  private var brush: (style: Style, attributes: attr_t, pair: CInt) = (.plain, 0, 0)
  private var shown: Surface?
  private var isCursorShown = false
  private var isSuspended = false
  /// Whether the terminal reports the mouse, in xterm's SGR form, which has no end of columns.
  private var reportsMouse = false
  private static let mouse = (
    on: Array("\u{1B}[?1002h\u{1B}[?1006h".utf8), off: Array("\u{1B}[?1006l\u{1B}[?1002l".utf8)
  )
  private let colours: Int
  /// Whether ncurses can only reach the last cell by shifting it in from its left neighbour.
  private let shiftsLastCellIn: Bool
  /// Whether the end of the last row shows what ncurses does not know of; see ``RowEnd``.
  private var ownsRowEnd = false

  private struct ColourPair: Hashable {
    let foreground, background: CInt
  }

  /// Takes over the terminal: alternate screen, raw keys, bracketed paste, hidden cursor.
  ///
  /// - Parameters:
  ///   - input: where keys come from.
  ///   - output: the terminal to draw on.
  ///   - terminal: the terminal's type; `TERM` unless given.
  /// - Throws: ``Base/Failure`` if there is no terminal, or one that cannot move its cursor.
  public init(input: CInt = 0, output: CInt = 1, terminal: String? = nil) throws(Failure) {
    let type = terminal ?? environment("TERM") ?? ""
    guard isatty(input) == 1, isatty(output) == 1 else {
      throw Failure(
        "the workbench needs a terminal for input and output",
        remedy: "Run it without redirection, or use the commands: `kaji --help`.")
    }
    guard !type.isEmpty, type != "dumb" else {
      throw Failure(
        "the terminal cannot move its cursor (TERM is \(type.isEmpty ? "not set" : type))",
        remedy: "Set TERM to the terminal's type, or use the commands: `kaji --help`.")
    }
    useUTF8()
    // Copies, because closing a stream closes its descriptor.
    let (inputCopy, outputCopy) = (dup(input), dup(output))
    guard inputCopy >= 0, outputCopy >= 0, let reader = unsafe fdopen(inputCopy, "r"),
      let writer = unsafe fdopen(outputCopy, "w")
    else { throw Failure("no file descriptor is left", remedy: "Raise `ulimit -n`.") }
    guard let screen = unsafe newterm(type, writer, reader) else {
      unsafe fclose(reader)
      unsafe fclose(writer)
      throw Failure(
        "the terminal type \(Sanitiser.visible(type)) is not known here",
        remedy: "Set TERM to a known one, such as xterm-256color or screen.")
    }
    self.input = input
    self.output = output
    unsafe files = (reader, writer)
    unsafe self.screen = unsafe screen
    set_escdelay(25)
    raw()
    noecho()
    nonl()
    // Keys are read by `KeyDecoder`; ncurses must not stop drawing because some wait.
    typeahead(-1)
    colours = unsafe Int(tigetnum("colors"))
    depth = ColourDepth.choose(colours: colours, noColour: environment("NO_COLOR"))
    if depth > .none {
      start_color()
      use_default_colors()
    }
    bracketedPaste = (
      Terminfo.string("BE") ?? Array("\u{1B}[?2004h".utf8),
      Terminfo.string("BD") ?? Array("\u{1B}[?2004l".utf8)
    )
    keySequences = Terminfo.keySequences()
    shiftsLastCellIn = Terminfo.flag("am") && Terminfo.string("rmam") == nil
    size = Size(width: 80, height: 24)
    unsafe window = unsafe newwin(0, 0, 0, 0)
    unsafe keypad(window, true)
    unsafe leaveok(window, true)
    // Terminals differ in what happens to wide characters that are shifted.
    unsafe idcok(window, false)
    curs_set(0)
    write(bracketedPaste.on)
    updateSize()
    guard Terminfo.string("cup") != nil else {
      stop()
      throw Failure(
        "the terminal cannot move its cursor (TERM is \(Sanitiser.visible(type)))",
        remedy: "Set TERM to the terminal's type, or use the commands: `kaji --help`.")
    }
  }

  deinit { stop() }

  /// Gives the terminal back as it was; later calls do nothing.
  public func stop() {
    guard let screen = unsafe screen else { return }
    if !isSuspended {
      setMouse(false)
      write(bracketedPaste.off)
      endwin()
    }
    unsafe delwin(window)
    unsafe delscreen(screen)
    unsafe fclose(files.0)
    unsafe fclose(files.1)
    unsafe window = nil
    unsafe self.screen = nil
  }

  /// Gives the terminal back for a while, to another program or the shell.
  public func suspend() {
    guard unsafe screen != nil, !isSuspended else { return }
    setMouse(false)
    isSuspended = true
    write(bracketedPaste.off)
    curs_set(1)
    endwin()
  }

  /// Takes the terminal again after ``suspend()``; the next frame is drawn whole.
  public func resume() {
    guard unsafe screen != nil else { return }
    reset_prog_mode()
    raw()
    noecho()
    isSuspended = false
    write(bracketedPaste.on)
    curs_set(isCursorShown ? 1 : 0)
    updateSize()
    invalidate()
  }

  /// Rings the terminal's bell.
  public func ring() { write([7]) }

  /// Lets the terminal report the mouse or not; while it does, text is selected with Shift held.
  public func setMouse(_ isOn: Bool) {
    guard isOn != reportsMouse, !isSuspended else { return }
    reportsMouse = isOn
    write(isOn ? Self.mouse.on : Self.mouse.off)
  }

  /// Forgets what the terminal shows, so that the next frame is drawn whole.
  public func invalidate() {
    shown = nil
    ownsRowEnd = false
    unsafe clearok(window, true)
  }

  /// Asks the terminal for its size; `true` if it changed.
  @discardableResult
  public func updateSize() -> Bool {
    var answer = winsize()
    guard unsafe ioctl(output, UInt(TIOCGWINSZ), &answer) == 0, answer.ws_col > 0,
      answer.ws_row > 0
    else { return false }
    let new = Size(width: Int(answer.ws_col), height: Int(answer.ws_row))
    guard new != size || shown == nil else { return false }
    let isChanged = new != size
    size = new
    resizeterm(CInt(new.height), CInt(new.width))
    unsafe wresize(window, CInt(new.height), CInt(new.width))
    invalidate()
    return isChanged
  }

  /// Shows `surface`; the terminal receives only what changed, nothing if nothing did.
  public func present(_ surface: Surface) {
    guard unsafe screen != nil, !isSuspended, surface != shown else { return }
    let before = shown?.gridSize == surface.gridSize ? shown : nil
    if before == nil { unsafe werase(window) }
    var rowEnd: ArraySlice<Cell>?
    for y in 0..<min(surface.gridSize.height, size.height) {
      let row = surface.row(y)
      if let before, before.row(y) == row { continue }
      if shiftsLastCellIn, y == size.height - 1, row.count == size.width {
        rowEnd = drawLastRow(row)
      } else {
        draw(row, at: y)
      }
    }
    if let cursor = surface.cursor {
      if !isCursorShown { curs_set(1) }
      unsafe leaveok(window, false)
      unsafe wmove(window, CInt(cursor.y), CInt(cursor.x))
    } else {
      if isCursorShown { curs_set(0) }
      unsafe leaveok(window, true)
    }
    isCursorShown = surface.cursor != nil
    unsafe wnoutrefresh(window)
    doupdate()
    if let rowEnd {
      write(RowEnd.bytes(drawing: rowEnd, size: size, depth: depth))
      ownsRowEnd = true
    }
    shown = surface
  }

  /// Draws the last row on a terminal where its end may need care; see ``RowEnd``.
  ///
  /// - Returns: the end of the row, if it is to be written once ncurses is done.
  private func drawLastRow(_ row: ArraySlice<Cell>) -> ArraySlice<Cell>? {
    if ownsRowEnd {
      // What ncurses believes comes true again.
      let blanks = RowEnd.blanked(row).suffix(RowEnd.count)
      write(RowEnd.bytes(drawing: blanks, size: size, depth: depth))
      ownsRowEnd = false
    }
    guard RowEnd.isDelicate(row) else {
      draw(row, at: size.height - 1)
      return nil
    }
    draw(RowEnd.blanked(row), at: size.height - 1)
    return row.suffix(RowEnd.count)
  }

  /// Hands one row to ncurses, which compares it with what the terminal shows.
  ///
  /// Cluster by cluster with `setcchar` and `wadd_wch`: `addwstr` loses combining marks after wide
  /// characters.
  private func draw(_ row: ArraySlice<Cell>, at y: Int) {
    unsafe wmove(window, CInt(y), 0)
    var x = 0
    for cell in row.prefix(size.width) {
      defer { x += 1 }
      let glyph = cell.glyph
      if glyph.isContinuation { continue }
      // The C library of another system may know other widths; the grid must hold even then.
      if Int(wcwidth(wchar_t(glyph.base))) == glyph.columns, x + glyph.columns <= size.width {
        add(glyph, cell.style)
      } else {
        for _ in 0..<min(glyph.columns, size.width - x) {
          add(Glyph(base: "?", columns: 1), cell.style)
        }
      }
    }
  }

  private func add(_ glyph: Glyph, _ style: Style) {
    // Base, four marks and the end, which unused lanes are.
    let scalars: [6 of wchar_t] = [
      wchar_t(glyph.base), wchar_t(glyph.marks[0]), wchar_t(glyph.marks[1]),
      wchar_t(glyph.marks[2]), wchar_t(glyph.marks[3]), 0,
    ]
    if style != brush.style { brush = (style, attributes(of: style), pair(of: style)) }
    var cell = cchar_t()
    unsafe scalars.span.withUnsafeBufferPointer { scalars in
      _ = unsafe setcchar(&cell, scalars.baseAddress, brush.attributes, 0, &brush.pair)
    }
    // Fails in the last cell of the screen, after having put the character there.
    unsafe wadd_wch(window, &cell)
  }

  private func attributes(of style: Style) -> attr_t {
    var attributes: attr_t = 0
    if style.attributes.contains(.bold) { attributes |= cncurses_bold() }
    if style.attributes.contains(.dim) { attributes |= cncurses_dim() }
    if style.attributes.contains(.underline) { attributes |= cncurses_underline() }
    if style.attributes.contains(.reverse) { attributes |= cncurses_reverse() }
    return attributes
  }

  /// The number of the style's colour pair, made at its first use.
  private func pair(of style: Style) -> CInt {
    guard depth > .none else { return 0 }
    let key = ColourPair(
      foreground: number(of: style.foreground), background: number(of: style.background))
    if key.foreground == -1, key.background == -1 { return 0 }
    if let pair = pairs[key] { return pair }
    let pair = CInt(pairs.count + 1)
    // 65,536 pairs at most in practice; beyond them cells go without colour.
    guard init_extended_pair(pair, key.foreground, key.background) == OK else { return 0 }
    pairs[key] = pair
    return pair
  }

  private func number(of colour: Colour) -> CInt {
    guard case .index(let entry) = colour, Int(entry) < colours else { return -1 }
    return CInt(entry)
  }

  private func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(output, $0.baseAddress, $0.count)
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }
}
