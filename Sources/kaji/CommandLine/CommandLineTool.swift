import Base

/// The whole command line: finds the command, runs it, words its errors.
enum CommandLineTool {
  /// Runs the command that `words` name.
  static func run(_ words: [String]) -> ExitStatus {
    do {
      return try dispatch(words)
    } catch let error as UsageError {
      Output.note("kaji: \(oneLine(error))")
      return .usage
    } catch {
      Output.note("kaji: \(oneLine(error))")
      return .failed
    }
  }

  private static func dispatch(_ words: [String]) throws -> ExitStatus {
    let commands = Commands.all
    let named = words.prefix { $0 != "--" }
    guard let (command, rest) = try ArgumentParser.findCommand(words, among: commands) else {
      if named.contains("--help") {
        let path = named.filter { !$0.hasPrefix("-") }
        Output.line(Help.overview(commands, prefix: Array(path)))
        return .done
      }
      if named.contains("--version") {
        Output.line("kaji \(kajiVersion)")
        return .done
      }
      let parsed = try ArgumentParser.parse(words, options: Option.global)
      return try Commands.workbench(Invocation(parsed, commandLine: words))
    }
    if named.contains("--help") {
      Output.line(Help.of(command))
      return .done
    }
    let parsed = try ArgumentParser.parse(rest, options: command.options + Option.global)
    guard command.count.contains(parsed.arguments.count) else {
      let wanted = command.arguments.isEmpty ? "no arguments" : command.arguments
      throw UsageError(
        "'kaji \(command.name)' got \(parsed.arguments.count) arguments",
        remedy: "It takes \(wanted); see 'kaji \(command.name) --help'.")
    }
    return try command.run(Invocation(parsed, commandLine: words))
  }
}
