import Base
import Workflows

extension Commands {
  static let benchTokenize = Command(
    "bench tokenize", "T [FILE]", "times a tokenizer on the lines of a file", count: 1...2
  ) { invocation in
    let tokenizer = try openTokenizer(invocation)
    let lines = try TextLines(invocation.arguments.count > 1 ? invocation.arguments[1] : nil).lines
    let report = try TokenizerBench.run(tokenizer, lines, try invocation.context())
    if invocation.json {
      Output.json([
        "megabytes_per_second": JSON(report.megabytesPerSecond), "bytes": JSON(report.bytes),
        "tokens": JSON(report.tokens), "seconds": JSON(report.seconds),
      ])
    } else {
      Output.line(
        "\(Format.fixed(report.megabytesPerSecond, 1)) MB/s: \(Format.count(report.tokens)) tokens "
          + "of \(Format.bytes(report.bytes)) in \(Format.fixed(report.seconds * 1000, 1)) ms")
    }
    return .done
  }
}
