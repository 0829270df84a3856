import Base
import Testing

@testable import kaji

@Suite("Arguments") struct ArgumentParserTests {
  private static let options: [kaji.Option] =
    [
      .value("--set", "K=V", "", .settings), .value("--task", "T", "", .list),
      .value("--stop", "TEXT", "", .repeated), .value("--seed", "N", ""), .flag("--chat", ""),
    ] + kaji.Option.global

  @Test(arguments: [
    ("a --chat b", ["--chat": [""]], ["a", "b"]),
    ("--seed 3 a", ["--seed": ["3"]], ["a"]),
    ("--seed=3 a", ["--seed": ["3"]], ["a"]),
    ("--seed -3 a", ["--seed": ["-3"]], ["a"]),
    ("--seed= a", ["--seed": [""]], ["a"]),
    ("a -- --chat", [:], ["a", "--chat"]),
    ("- a", [:], ["-", "a"]),
    ("a --set x=1 y=2 b", ["--set": ["x=1", "y=2"]], ["a", "b"]),
    ("a --set x=1 --set y=2", ["--set": ["x=1", "y=2"]], ["a"]),
    ("a --task NLI QA --json", ["--task": ["NLI", "QA"], "--json": [""]], ["a"]),
    ("--task NLI QA a", ["--task": ["NLI", "QA"]], ["a"]),
    ("--stop x a --stop y", ["--stop": ["x", "y"]], ["a"]),
  ])
  func `words are sorted`(line: String, options: [String: [String]], arguments: [String]) throws {
    let words = line.split(separator: " ").map(String.init)
    let parsed = try ArgumentParser.parse(words, options: Self.options, needing: 1)
    #expect(parsed.options == options)
    #expect(parsed.arguments == arguments)
  }

  @Test(arguments: [
    ("--sed 3", "--seed"), ("--seed", "needs a value"), ("--chat=1", "takes no value"),
    ("--seed 1 --seed 2", "twice"), ("-x", "unknown option"),
  ])
  func `a wrong word is told`(line: String, part: String) {
    let words = line.split(separator: " ").map(String.init)
    let error = #expect(throws: UsageError.self) {
      try ArgumentParser.parse(words, options: Self.options)
    }
    #expect(error?.description.contains(part) == true)
  }

  @Test(arguments: [
    ("runs show 4", "runs show", "4"),
    ("--json runs --quiet show 4", "runs show", "--json --quiet 4"),
    ("--workspace runs runs list", "runs list", "--workspace runs"), ("eval 4", "eval", "4"),
    ("eval table", "eval table", ""), ("eval -- table", "eval", "-- table"),
  ])
  func `the command is found among options`(line: String, name: String, rest: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let found = try #require(try ArgumentParser.findCommand(words, among: Commands.all))
    #expect(found.command.name == name)
    #expect(found.rest.joined(separator: " ") == rest)
  }

  @Test func `options alone name no command`() throws {
    for words in [[], ["--json"], ["--workspace", "x"], ["--", "x"]] {
      #expect(try ArgumentParser.findCommand(words, among: Commands.all) == nil)
    }
  }

  @Test(arguments: [
    ("corpsu list", "Did you mean 'corpus'"), ("corpus lst", "Did you mean 'corpus list'"),
    ("corpus mix p", "unknown command 'corpus mix'"), ("corpus", "needs one of"),
  ])
  func `an unknown command gets the nearest one`(line: String, part: String) {
    let words = line.split(separator: " ").map(String.init)
    let error = #expect(throws: UsageError.self) {
      _ = try ArgumentParser.findCommand(words, among: Commands.all)
    }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test func `every command has its help and a name of its own`() {
    let names = Commands.all.map(\.name)
    #expect(Set(names).count == names.count)
    for command in Commands.all {
      let help = Help.of(command)
      #expect(help.hasPrefix("kaji \(command.name)"))
      #expect(Set(command.options.map(\.name)).count == command.options.count)
      for option in kaji.Option.global {
        #expect(!command.options.contains { $0.name == option.name }, "\(command.name)")
      }
    }
    let overview = Help.overview(Commands.all)
    for name in names { #expect(overview.contains("kaji \(name)")) }
    #expect(overview.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }
}
