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
      if isOption(word) {
        let takesValue = Option.global.contains { $0.name == word && $0.value != nil }
        index += takesValue ? 2 : 1
        continue
      }
      let longer = path + [word]
      guard commands.contains(where: { $0.path.starts(with: longer) }) else { break }
      path = longer
      rest.remove(at: index)
    }
    if let command = commands.first(where: { $0.path == path }) { return (command, rest) }
    guard index < rest.count, rest[index] != "--" else {
      if path.isEmpty || rest.contains("--help") { return nil }
      let next = commands.filter { $0.path.starts(with: path) }.map { $0.path[path.count] }
      throw UsageError(
        "'\(path.joined(separator: " "))' needs one of: \(next.sorted().joined(separator: ", "))",
        remedy: "See 'kaji --help'.")
    }
    let known = commands.filter { $0.path.starts(with: path) }
      .map { $0.path.prefix(path.count + 1).joined(separator: " ") }
    let word = (path + [rest[index]]).joined(separator: " ")
    throw unknown(word, among: Set(known), what: "command")
  }

  /// Sorts `words` by the options a command takes.
  ///
  /// - Parameter count: how many arguments the command needs at least: an option that takes several words
  ///   leaves them those at its end.
  /// - Throws: ``UsageError`` for an unknown option (with the nearest known one), a missing value, an
  ///   option given twice.
  static func parse(_ words: [String], options: [Option], needing count: Int = 0) throws
    -> ParsedArguments
  {
    var parsed = ParsedArguments()
    // Further words of list options, which may turn out to be arguments.
    var further: [(option: String, place: Int)] = []
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        parsed.arguments += words[index...]
        break
      }
      guard isOption(word) else {
        parsed.arguments.append(word)
        continue
      }
      let (option, attached) = try split(word, options)
      guard parsed.options[option.name] == nil || option.isRepeatable else {
        throw UsageError("\(option.name) is given twice", remedy: "Give it once.")
      }
      guard let meaning = option.value else {
        parsed.options[option.name] = [""]
        continue
      }
      if let attached {
        parsed.options[option.name, default: []].append(attached)
        continue
      }
      guard index < words.count else {
        throw UsageError("\(option.name) needs a value", remedy: "Write \(option.name) \(meaning).")
      }
      parsed.options[option.name, default: []].append(words[index])
      index += 1
      while index < words.count, option.takes(further: words[index]) {
        further.append((option.name, parsed.options[option.name]?.count ?? 0))
        parsed.options[option.name]?.append(words[index])
        index += 1
      }
    }
    while parsed.arguments.count < count, let last = further.popLast() {
      if let word = parsed.options[last.option]?.remove(at: last.place) {
        parsed.arguments.append(word)
      }
    }
    return parsed
  }

  /// Whether a word is an option: a dash alone is standard input, a negative number a value.
  static func isOption(_ word: String) -> Bool {
    word.hasPrefix("-") && word != "-" && Double(word) == nil
  }

  /// The option that a word names, and the value that `=` attaches to it.
  private static func split(_ word: String, _ options: [Option]) throws -> (Option, String?) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = word.hasPrefix("--") ? String(parts[0]) : word
    guard let option = options.first(where: { $0.name == name }) else {
      throw unknown(name, among: Set(options.map(\.name)), what: "option")
    }
    guard parts.count == 2, word.hasPrefix("--") else { return (option, nil) }
    guard option.value != nil else {
      throw UsageError("\(name) takes no value", remedy: "Write \(name) alone.")
    }
    return (option, String(parts[1]))
  }

  private static func unknown(_ word: String, among known: Set<String>, what: String)
    -> UsageError
  {
    let word = Sanitiser.visible(word)
    let remedy = nearest(to: word, among: known.sorted()).map { "Did you mean '\($0)'?" }
    return UsageError("unknown \(what) '\(word)'", remedy: remedy ?? "See 'kaji --help'.")
  }
}

extension Option {
  /// Whether it may be given more than once.
  var isRepeatable: Bool {
    switch arity {
    case .none, .one: false
    case .repeated, .list, .settings: true
    }
  }

  /// Whether a word after its first value belongs to it, too.
  func takes(further word: String) -> Bool {
    guard !ArgumentParser.isOption(word), word != "-" else { return false }
    switch arity {
    case .none, .one, .repeated: return false
    case .list: return true
    case .settings: return word.contains("=")
    }
  }
}
