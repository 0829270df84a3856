import Base
import Terminal

/// The texts of `--help`, at most 80 columns wide.
enum Help {
  private static let width = 80

  /// All commands, or those that begin with `prefix`.
  static func overview(_ commands: [Command], prefix: [String] = []) -> String {
    let chosen = commands.filter { $0.path.starts(with: prefix) }
    var rows = chosen.map { (usage($0), $0.summary) }
    var lines: [String] = []
    if prefix.isEmpty {
      lines = ["kaji: a terminal workbench for the whole life of a language model", ""]
      rows.insert(("kaji", "the workbench"), at: 0)
    }
    lines += columns(rows, from: 36)
    lines += ["", "Options of every command:"] + table(Option.global)
    lines += ["", "'kaji COMMAND --help' tells the options of a command."]
    return lines.joined(separator: "\n")
  }

  /// One command.
  static func of(_ command: Command) -> String {
    var lines = [usage(command), command.summary]
    if !command.options.isEmpty { lines += ["", "Options:"] + table(command.options) }
    lines += ["", "Options of every command:"] + table(Option.global)
    return lines.joined(separator: "\n")
  }

  private static func usage(_ command: Command) -> String {
    command.arguments.isEmpty ? "kaji \(command.name)" : "kaji \(command.name) \(command.arguments)"
  }

  private static func table(_ options: [Option]) -> [String] {
    columns(
      options.map { ("  " + $0.name + ($0.value.map { " " + $0 } ?? ""), $0.help) }, from: 27)
  }

  /// Rows of a name and a text, the texts wrapped beside the names; a name too long stands on a line of its own.
  private static func columns(_ rows: [(name: String, text: String)], from column: Int) -> [String]
  {
    rows.flatMap { name, text in
      var lines = TextWrap.lines(of: text, columns: width - column).map { line in
        String(repeating: " ", count: column) + line
      }
      if name.count + 2 <= column, let first = lines.first {
        lines[0] = Format.padRight(name, column) + first.dropFirst(column)
      } else {
        lines.insert(name, at: 0)
      }
      return lines
    }
  }
}
