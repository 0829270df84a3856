import Base
public import Tokenizers

/// How fast a tokenizer turns lines into ids.
public enum TokenizerBench {
  /// What was measured.
  public struct Report: Sendable {
    /// Of the lines, in UTF-8.
    public let bytes: Int
    public let tokens: Int
    /// The median of all rounds.
    public let seconds: Double

    /// Millions of bytes a second.
    public var megabytesPerSecond: Double { Double(bytes) / seconds / 1e6 }
  }

  /// Rounds that are timed.
  static let rounds = 5

  /// Encodes `lines` again and again, all ids of a round kept in memory.
  ///
  /// - Throws: `Failure` if the lines are empty.
  public static func run(
    _ tokenizer: Tokenizer, _ lines: [String], _ context: WorkContext
  ) throws -> Report {
    let bytes = lines.reduce(0) { $0 + $1.utf8.count }
    guard bytes > 0 else {
      throw Failure("there is no text to encode", remedy: "Give a file with text.")
    }
    let pool = context.pool
    var tokens = 0
    let seconds = (0..<rounds).map { _ in
      let start = monotonicSeconds()
      let ids = tokenizer.encode(batch: lines, pool: pool)
      let seconds = monotonicSeconds() - start
      tokens = ids.reduce(0) { $0 + $1.count }
      return seconds
    }
    return Report(bytes: bytes, tokens: tokens, seconds: seconds.sorted()[rounds / 2])
  }
}
