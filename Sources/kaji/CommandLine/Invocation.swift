import Base
import Lab
import Workflows

/// One call of a command: its options and arguments.
struct Invocation: Sendable {
  private let options: [String: [String]]
  /// What is no option, in order.
  let arguments: [String]
  /// The words of the whole command line, for provenance.
  let commandLine: [String]

  /// - Throws: ``UsageError`` if a global option makes no sense, whether the command heeds it or not.
  init(checking parsed: ParsedArguments, commandLine: [String]) throws {
    options = parsed.options
    arguments = parsed.arguments
    self.commandLine = commandLine
    _ = try threads()
    try checkDevice()
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
    guard let value = value(name) else { throw Self.missing(name) }
    return value
  }

  private static func missing(_ name: String) -> UsageError {
    UsageError("\(name) is missing", remedy: "Add \(name) with its value.")
  }

  /// A whole number within `range`.
  func int(_ name: String, in range: ClosedRange<Int> = 0...Int.max) throws -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      let wanted =
        range.upperBound == .max
        ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
      throw UsageError(
        "\(name) is '\(Sanitiser.visible(text))'", remedy: "Give a whole number \(wanted).")
    }
    return number
  }

  /// A finite number within `range`.
  func double(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = value(name) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw UsageError(
        "\(name) is '\(Sanitiser.visible(text))'",
        remedy: "Give a number from \(range.lowerBound) to \(Format.short(range.upperBound)).")
    }
    return number
  }

  /// One of several words.
  func choice<Choice>(_ name: String, of type: Choice.Type = Choice.self) throws -> Choice?
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    try choice(name, of: Array(type.allCases), named: \.rawValue)
  }

  /// One of a type's cases by its raw value, which must be given.
  func requiredChoice<Choice>(_ name: String, of type: Choice.Type = Choice.self) throws -> Choice
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    guard let choice = try choice(name, of: type) else { throw Self.missing(name) }
    return choice
  }

  /// One of several things by its name.
  func choice<Choice>(
    _ name: String, of choices: [Choice], named word: (Choice) -> String
  ) throws -> Choice? {
    guard let text = value(name) else { return nil }
    guard let choice = choices.first(where: { word($0) == text }) else {
      throw UsageError(
        "\(name) is '\(Sanitiser.visible(text))'",
        remedy: "Use one of \(choices.map(word).joined(separator: ", ")).")
    }
    return choice
  }

  /// The experiment's number that an argument is.
  func experiment(_ index: Int = 0) throws -> Int {
    let text = arguments[index]
    guard let number = Int(text), number > 0 else {
      throw UsageError(
        "'\(Sanitiser.visible(text))' is no experiment's number",
        remedy: "Give one that 'kaji exp list' shows.")
    }
    return number
  }

  // MARK: What commands work in

  /// The workspace that `--workspace` names, or the one the current folder lies in.
  func workspace() throws -> Workspace {
    try value("--workspace").map { try Workspace.open(Path($0)) } ?? Workspace.find()
  }

  /// The same for commands that need none.
  func workspaceIfAny() throws -> Workspace? {
    try value("--workspace").map { try Workspace.open(Path($0)) } ?? Workspace.findIfAny()
  }

  /// The model that a word names, with what there is to say about the choice said.
  func model(_ text: String, in workspace: Workspace?) throws -> ModelReference {
    let model = try ModelReference(text, in: workspace)
    for warning in model.warnings { remark("kaji: warning: \(Sanitiser.visible(warning))") }
    return model
  }

  /// Device, threads and reporter: of the command line, else of the workspace's settings.
  func context(_ workspace: Workspace? = nil) throws -> WorkContext {
    WorkContext(
      deviceName: value("--device") ?? workspace?.settings.device ?? "cpu",
      threads: try threads() ?? workspace?.settings.threads ?? ThreadPool.available,
      progress: progress(), commandLine: ["kaji"] + commandLine)
  }

  private func threads() throws -> Int? {
    try int("--threads", in: 1...WorkspaceSettings.mostThreads)
  }

  /// Refuses a word that can name no device, here or elsewhere.
  private func checkDevice() throws {
    guard let text = value("--device"), DeviceName(text) == nil else { return }
    throw UsageError(
      "--device is '\(Sanitiser.visible(text))'", remedy: "Use \(DeviceName.grammar).")
  }

  /// The reporter for long work: a bar on standard error if that is a terminal.
  private func progress() -> any ProgressReporter {
    quiet || !Output.errorIsTerminal ? SilentProgress() : ProgressBar()
  }

  /// The file that `--to` names; `-` is standard output.
  func output() throws -> OutputFile {
    try outputPath().map { try OutputFile($0) } ?? OutputFile(standardOutput: ())
  }

  /// Its path; `nil` is standard output.
  func outputPath() throws -> Path? {
    let name = try required("--to")
    guard name == "-" else { return Path(name) }
    guard !json else {
      throw UsageError(
        "--to - and --json both want standard output", remedy: "Name a file, or leave --json out.")
    }
    return nil
  }

  /// Says something beside the result, unless it is to be quiet.
  func remark(_ text: String) {
    if !quiet { Output.note(text) }
  }
}
