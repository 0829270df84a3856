import Base

/// The command line does not say what it should.
struct UsageError: Diagnosis {
  let problem: String
  let remedy: String

  init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }
}

/// Words of a command line, sorted into options and arguments.
struct ParsedArguments: Equatable {
  var options: [String: [String]] = [:]
  var arguments: [String] = []

  func has(_ name: String) -> Bool { options[name] != nil }
}

/// Sorts the words of a command line.
enum ArgumentParser {
  /// Finds the command that `words` name, options before or between its words left aside.
  ///
  /// - Returns: the command and the words that are left, or `nil` if there are none but options.
  static func findCommand(_ words: [String], among commands: [Command]) throws
    -> (command: Command, rest: [String])?
  {
    var rest = words
    var path: [String] = []
    var index = 0
    while index < rest.count {
      let word = rest[index]
      if word == "--" { break }
      if word.hasPrefix("-"), word != "-" {
        let takesValue = Option.global.contains { $0.name == word && $0.value != nil }
        index += takesValue ? 2 : 1
        continue
      }
      let longer = path + [word]
      guard commands.contains(where: { $0.path.starts(with: longer) }) else { break }
      path = longer
      rest.remove(at: index)
    }
    if path.isEmpty {
      guard let word = rest.first(where: { !$0.hasPrefix("-") }) else { return nil }
      throw unknown(word, among: Set(commands.map { $0.path[0] }), what: "command")
    }
    if let command = commands.first(where: { $0.path == path }) { return (command, rest) }
    let next = Set(commands.filter { $0.path.starts(with: path) }.map { $0.path[path.count] })
    let group = path.joined(separator: " ")
    if rest.contains("--help") { return nil }
    guard index < rest.count, rest[index] != "--" else {
      throw UsageError(
        "'\(group)' needs one of: \(next.sorted().joined(separator: ", "))",
        remedy: "See 'kaji --help'.")
    }
    throw unknown(rest[index], among: next, what: "command of '\(group)'")
  }

  /// Sorts `words` by the options a command takes.
  ///
  /// - Throws: ``UsageError`` for an unknown option (with the nearest known one), a missing value, an
  ///   option given twice.
  static func parse(_ words: [String], options: [Option]) throws -> ParsedArguments {
    var parsed = ParsedArguments()
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        parsed.arguments += words[index...]
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        parsed.arguments.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = word.hasPrefix("--") ? String(parts[0]) : word
      guard let option = options.first(where: { $0.name == name }) else {
        throw unknown(name, among: Set(options.map(\.name)), what: "option")
      }
      var value = ""
      if option.value == nil {
        guard parts.count == 1 else {
          throw UsageError("\(name) takes no value", remedy: "Write \(name) alone.")
        }
      } else if parts.count == 2 {
        value = String(parts[1])
      } else {
        guard index < words.count else {
          throw UsageError("\(name) needs a value", remedy: "Write \(name) \(option.value ?? "").")
        }
        value = words[index]
        index += 1
      }
      guard parsed.options[name] == nil || option.repeats else {
        throw UsageError("\(name) is given twice", remedy: "Give it once.")
      }
      parsed.options[name, default: []].append(value)
    }
    return parsed
  }

  private static func unknown(_ word: String, among known: Set<String>, what: String)
    -> UsageError
  {
    let word = Sanitiser.visible(word)
    let remedy = nearest(to: word, among: known.sorted()).map { "Did you mean '\($0)'?" }
    return UsageError("unknown \(what) '\(word)'", remedy: remedy ?? "See 'kaji --help'.")
  }
}
