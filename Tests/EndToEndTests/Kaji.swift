import Base
import Testing

/// The built program, run as a user runs it.
struct Kaji {
  /// What a run of it left.
  struct Outcome {
    let status: Int
    let output: String
    let error: String

    /// The one value on standard output.
    func json() throws -> JSON { try JSON.parse(output) }
  }

  /// The folder it runs in.
  let folder: Path

  /// The program lies beside the test bundle, which is this process.
  static let program = executablePath.parent / "kaji"

  /// Runs it.
  ///
  /// - Parameters:
  ///   - input: what standard input holds.
  ///   - output: where standard output goes instead of to the test, as `>/dev/full`.
  func callAsFunction(
    _ words: String..., input: String? = nil, redirecting output: String = ""
  ) throws -> Outcome {
    try run(words, input: input.map { Array($0.utf8) }, redirecting: output)
  }

  func run(_ words: [String], input: [UInt8]? = nil, redirecting output: String = "") throws
    -> Outcome
  {
    let scratch = try Files.temporaryDirectory(prefix: "kaji-run")
    defer { try? Files.remove(scratch) }
    try Files.write(input ?? [], to: scratch / "in")
    let script = "cd \"$1\" && scratch=$2 && shift 2 && exec \"$@\" <$scratch/in 2>$scratch/err "
    let (status, bytes) = try Subprocess.run(
      ["/bin/sh", "-c", script + output, "sh", folder.string, scratch.string]
        + [Self.program.string] + words)
    return Outcome(
      status: status, output: String(decoding: bytes, as: UTF8.self),
      error: try Files.readText(scratch / "err"))
  }

  /// Runs it and expects success and JSON.
  func json(_ words: String..., input: String? = nil) throws -> JSON {
    let outcome = try run(words + ["--json"], input: input.map { Array($0.utf8) })
    try #require(outcome.status == 0, "kaji \(words): \(outcome.error)")
    return try outcome.json()
  }
}

/// Expects a failure that is told in one line, without a Swift trap.
func expectFailure(
  _ outcome: Kaji.Outcome, status: Int = 1, _ parts: String...,
  at location: SourceLocation = #_sourceLocation
) {
  #expect(outcome.status == status, "\(outcome.error)", sourceLocation: location)
  let lines = outcome.error.split(separator: "\n").filter { !$0.contains("warning") }
  #expect(lines.count == 1, "\(outcome.error)", sourceLocation: location)
  for part in parts {
    #expect(outcome.error.contains(part), "\(outcome.error)", sourceLocation: location)
  }
  #expect(outcome.output.isEmpty, "\(outcome.output)", sourceLocation: location)
}
