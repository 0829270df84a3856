import Base

/// The whole command line: finds the command, runs it, words its errors.
enum CommandLineTool {
  /// Runs the command that `words` name.
  static func run(_ words: [String]) -> ExitStatus {
    let status = attempt(words)
    guard let problem = Output.problem else { return status }
    Output.note("kaji: \(oneLine(problem))")
    return status == .done ? .failed : status
  }

  private static func attempt(_ words: [String]) -> ExitStatus {
    do {
      return try dispatch(words)
    } catch let error as UsageError {
      Output.note("kaji: \(oneLine(error))")
      return .usage
    } catch {
      Output.note("kaji: \(oneLine(error))")
      return Signals.isPending(.interrupt) ? .interrupted : .failed
    }
  }

  private static func dispatch(_ words: [String]) throws -> ExitStatus {
    if words.first == "help" { return try dispatch(words.dropFirst() + ["--help"]) }
    let commands = Commands.all
    guard let (command, rest) = try ArgumentParser.findCommand(words, among: commands) else {
      let group = words.filter { word in commands.contains { $0.path[0] == word } }.prefix(1)
      let parsed = try ArgumentParser.parse(words, options: Option.global)
      if parsed.has("--help") {
        Output.line(Help.overview(commands, prefix: Array(group)))
        return .done
      }
      if let status = answered(parsed) { return status }
      if let word = parsed.arguments.first {
        throw UsageError(
          "unknown command '\(Sanitiser.visible(word))'", remedy: "See 'kaji --help'.")
      }
      return try Commands.workbench(Invocation(checking: parsed, commandLine: words))
    }
    let parsed = try ArgumentParser.parse(
      rest, options: command.options + Option.global, needing: command.count.lowerBound)
    if parsed.has("--help") {
      Output.line(Help.of(command))
      return .done
    }
    if let status = answered(parsed) { return status }
    guard command.count.contains(parsed.arguments.count) else {
      let got = parsed.arguments.count
      let wanted = command.arguments.isEmpty ? "no arguments" : command.arguments
      throw UsageError(
        "'kaji \(command.name)' got \(got) argument\(got == 1 ? "" : "s")",
        remedy: "It takes \(wanted); see 'kaji \(command.name) --help'.")
    }
    return try command.run(Invocation(checking: parsed, commandLine: words))
  }

  /// Answers `--version`, which stands before everything else.
  private static func answered(_ parsed: ParsedArguments) -> ExitStatus? {
    guard parsed.has("--version") else { return nil }
    if parsed.has("--json") {
      Output.json(["version": JSON(kajiVersion), "commit": JSON(kajiCommit)])
    } else {
      Output.line("kaji \(kajiVersion)")
    }
    return .done
  }
}
