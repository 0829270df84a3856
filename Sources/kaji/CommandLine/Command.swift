/// A thing the command line does, with what its help says of it.
struct Command: Sendable {
  /// The words that name it, as `["corpus", "import"]`.
  let path: [String]
  /// What stands for its arguments in the help, as `NAME PATH...`.
  let arguments: String
  /// One line on what it does.
  let summary: String
  let options: [Option]
  /// How many arguments it takes.
  let count: ClosedRange<Int>
  /// Does it; the status is what the process exits with.
  let run: @Sendable (Invocation) throws -> ExitStatus

  init(
    _ path: String, _ arguments: String = "", _ summary: String, options: [Option] = [],
    count: ClosedRange<Int> = 0...0, run: @escaping @Sendable (Invocation) throws -> ExitStatus
  ) {
    self.path = path.split(separator: " ").map(String.init)
    self.arguments = arguments
    self.summary = summary
    self.options = options
    self.count = count
    self.run = run
  }

  /// The words that name it, with spaces.
  var name: String { path.joined(separator: " ") }
}

/// What the process exits with.
enum ExitStatus: Int32, Sendable {
  case done = 0
  case failed = 1
  case usage = 2
  /// Saved before the end; the same run can be resumed.
  case saved = 75
  case interrupted = 130
}
