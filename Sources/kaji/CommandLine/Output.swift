import Base
import Glibc
import Terminal

/// Standard output and standard error.
enum Output {
  static var errorIsTerminal: Bool { isatty(2) == 1 }
  static var outputIsTerminal: Bool { isatty(0) == 1 && isatty(1) == 1 }

  /// Prints one line of our own making.
  static func line(_ text: String = "") { write(text + "\n", to: 1) }

  /// Prints untrusted text: sanitised when standard output is a terminal, as it is otherwise.
  static func untrusted(_ text: String) {
    write(isatty(1) == 1 ? Sanitiser.visible(text, keepingNewlines: true) : text, to: 1)
  }

  /// Prints the one value of `--json`.
  static func json(_ value: JSON) { write(value.text() + "\n", to: 1) }

  /// Prints a line on standard error.
  static func note(_ text: String) { write(text + "\n", to: 2) }

  /// Writes all of `text`; a reader that went away is no error of ours.
  static func write(_ text: String, to descriptor: CInt) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// A table of columns, the first aligned left and the others right.
  static func table(_ rows: [[String]], leftColumns: Int = 1) {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? TextWidth.columns(of: $0[column]) : 0 }.max() ?? 0
    }
    for row in rows {
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - TextWidth.columns(of: text))
        return column < leftColumns ? text + space : space + text
      }
      var text = cells.joined(separator: "  ")
      while text.hasSuffix(" ") { text.removeLast() }
      line(text)
    }
  }
}
