import Base

/// The texts of `--help`.
enum Help {
  /// All commands, or those that begin with `prefix`.
  static func overview(_ commands: [Command], prefix: [String] = []) -> String {
    let chosen = commands.filter { $0.path.starts(with: prefix) }
    let usages = chosen.map { "kaji \($0.name) \($0.arguments)" }
    let width = min(46, usages.map(\.count).max() ?? 0)
    var lines = [
      "kaji: a terminal workbench for the whole life of a language model", "",
      Format.padRight("kaji", width) + "  the workbench",
    ]
    if !prefix.isEmpty { lines = [] }
    for (usage, command) in zip(usages, chosen) {
      if usage.count > width {
        lines.append(usage)
        lines.append(String(repeating: " ", count: width + 2) + command.summary)
      } else {
        lines.append(Format.padRight(usage, width) + "  " + command.summary)
      }
    }
    lines += ["", "Options of every command:"] + table(Option.global)
    lines += ["", "'kaji COMMAND --help' tells the options of a command."]
    return lines.joined(separator: "\n")
  }

  /// One command.
  static func of(_ command: Command) -> String {
    var lines = ["kaji \(command.name) \(command.arguments)", command.summary]
    if !command.options.isEmpty { lines += ["", "Options:"] + table(command.options) }
    lines += ["", "Options of every command:"] + table(Option.global)
    return lines.joined(separator: "\n")
  }

  private static func table(_ options: [Option]) -> [String] {
    options.map { option in
      "  " + Format.padRight(option.name + (option.value.map { " " + $0 } ?? ""), 24) + option.help
    }
  }
}
