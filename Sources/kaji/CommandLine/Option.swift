import Workflows

/// An option of a command.
struct Option: Sendable {
  /// How many words follow the name.
  enum Arity: Sendable {
    /// None: a switch.
    case none
    /// One, and the option is given once.
    case one
    /// One, and the option may be given again.
    case repeated
    /// One or more, up to the next option, and the option may be given again.
    case list
    /// As `list`, but of the further words only those with `=` in them.
    case settings
  }

  /// The name with its dashes, as `--seed`.
  let name: String
  /// What stands for its value in the help, as `N`; `nil` for a switch.
  let value: String?
  /// What it does, in a few words.
  let help: String
  let arity: Arity

  /// A switch.
  static func flag(_ name: String, _ help: String) -> Option {
    Option(name: name, value: nil, help: help, arity: .none)
  }

  /// An option with a value.
  static func value(_ name: String, _ value: String, _ help: String, _ arity: Arity = .one)
    -> Option
  {
    Option(name: name, value: value, help: help, arity: arity)
  }

  /// The options every command takes, before or after its name.
  static let global: [Option] = [
    .value("--workspace", "DIR", "the workspace (else found upward from the current folder)"),
    .flag("--json", "one JSON value on standard output, nothing else there"),
    .flag("--quiet", "no progress, no remarks"),
    .value("--threads", "N", "worker threads (else as many as the process may use)"),
    .value("--device", "D", DeviceName.grammar),
    .flag("--version", "the version of kaji"),
    .flag("--help", "this help"),
  ]
}
