import Base
import Workflows

/// One call of a command: its options and arguments.
struct Invocation: Sendable {
  private let options: [String: [String]]
  /// What is no option, in order.
  let arguments: [String]
  /// The words of the whole command line, for provenance.
  let commandLine: [String]

  init(_ parsed: ParsedArguments, commandLine: [String]) {
    options = parsed.options
    arguments = parsed.arguments
    self.commandLine = commandLine
  }

  var json: Bool { has("--json") }
  var quiet: Bool { has("--quiet") }

  /// Whether the option was given.
  func has(_ name: String) -> Bool { options[name] != nil }

  /// The value of an option.
  func value(_ name: String) -> String? { options[name]?.last }

  /// The values of an option that may be repeated.
  func values(_ name: String) -> [String] { options[name] ?? [] }

  /// The value of an option that must be given.
  func required(_ name: String) throws -> String {
    guard let value = value(name) else {
      throw UsageError("\(name) is missing", remedy: "Add \(name) with its value.")
    }
    return value
  }

  /// A whole number of at least `minimum`.
  func int(_ name: String, minimum: Int = 0) throws -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), number >= minimum else {
      throw UsageError(
        "\(name) is '\(Sanitiser.visible(text))'",
        remedy: "Give a whole number of at least \(minimum).")
    }
    return number
  }

  /// A finite number.
  func double(_ name: String) throws -> Double? {
    guard let text = value(name) else { return nil }
    guard let number = Double(text), number.isFinite else {
      throw UsageError("\(name) is '\(Sanitiser.visible(text))'", remedy: "Give a number.")
    }
    return number
  }

  /// Threads that numeric work may use.
  func threads() throws -> Int { try int("--threads", minimum: 1) ?? ThreadPool.available }

  /// The reporter for long work: a bar on standard error if that is a terminal.
  func progress() -> any ProgressReporter {
    quiet || !Output.errorIsTerminal ? SilentProgress() : ProgressBar()
  }
}

extension Invocation {
  /// What work is done with.
  func context() throws -> WorkContext {
    WorkContext(
      deviceName: value("--device") ?? "cpu", threads: try threads(), progress: progress(),
      commandLine: ["kaji"] + commandLine)
  }
}
