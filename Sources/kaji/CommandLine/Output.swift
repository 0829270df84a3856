import Base
import Glibc
import Synchronization
import Terminal

/// Standard output and standard error.
enum Output {
  static var errorIsTerminal: Bool { isatty(2) == 1 }
  /// Whether a person sits before it.
  static var isInteractive: Bool { isatty(0) == 1 && isatty(1) == 1 }
  static var isTerminal: Bool { isatty(1) == 1 }

  private static let isScreenTaken = Atomic<Bool>(false)

  /// Lends `body` the whole terminal: what would go to standard error meanwhile is dropped.
  static func lendScreen<Result>(to body: () throws -> Result) rethrows -> Result {
    isScreenTaken.store(true, ordering: .relaxed)
    defer { isScreenTaken.store(false, ordering: .relaxed) }
    return try body()
  }

  /// Columns of the terminal that standard error is; 80 where it does not say.
  static var errorColumns: Int {
    var size = winsize()
    guard unsafe ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Prints a line.
  static func line(_ text: String = "") { write(text + "\n", to: 1) }

  /// Rings the bell of a terminal that reads the notes.
  static func ring() {
    if errorIsTerminal { write("\u{7}", to: 2) }
  }

  /// Prints text of documents or models: made harmless where standard output is a terminal, whole
  /// where it is not.
  static func untrusted(_ text: String) {
    write(isTerminal ? Sanitiser.visible(text, keepingNewlines: true) : text, to: 1)
  }

  /// Prints the one value of `--json`.
  static func json(_ value: JSON) { write(value.text() + "\n", to: 1) }

  /// Prints a line on standard error, in the place of a progress bar that stands there.
  static func note(_ text: String) {
    ProgressBar.clear()
    write(text + "\n", to: 2)
  }

  /// Writes all of `text`. A reader or a terminal that went away is no error of ours; anything else is kept
  /// in ``problem``.
  static func write(_ text: String, to descriptor: CInt) {
    if descriptor == 1 { ProgressBar.leave() }
    if descriptor == 2, isScreenTaken.load(ordering: .relaxed) { return }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0, descriptor == 1, !isGone(errno) { failure.store(errno, ordering: .relaxed) }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Whether nobody is there to read any more: a pipe's reader, or a terminal after its SIGHUP.
  private static func isGone(_ code: CInt) -> Bool {
    code == EPIPE || code == EIO && Signals.isPending(.hangUp)
  }

  /// The `errno` of a failed write to standard output; 0 if there was none.
  private static let failure = Atomic<CInt>(0)

  /// What went wrong on standard output.
  static var problem: Failure? {
    let code = failure.load(ordering: .relaxed)
    guard code != 0 else { return nil }
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    return Failure(
      "cannot write to standard output: \(reason)", remedy: "Send it somewhere with room.")
  }

  /// A table with columns aligned: the first `leftColumns` left, the others right. Cells may hold
  /// untrusted text.
  static func table(_ rows: [[String]], leftColumns: Int = 1) {
    let rows = rows.map { $0.map { Sanitiser.visible($0) } }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? TextWidth.columns(of: $0[column]) : 0 }.max() ?? 0
    }
    var lines = ""
    for row in rows {
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - TextWidth.columns(of: text))
        return column < leftColumns ? text + space : space + text
      }
      var text = cells.joined(separator: "  ")
      while text.hasSuffix(" ") { text.removeLast() }
      lines += text + "\n"
    }
    write(lines, to: 1)
  }
}
