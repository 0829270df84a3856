import Base

extension ForeignRun {
  /// Reads the lines that Megatron-LM logs of its iterations:
  ///
  ///     iteration  100/ 5000 | consumed samples: 25600 | … | learning rate: 3.0E-04 | lm loss: 2.1E+00 | grad norm: 0.4 |
  ///
  /// All other lines are left out, and so is a last one without its end: it is being written.
  ///
  /// - Throws: `Failure` naming the file, if no line is of that form.
  static func megatronLog(_ file: Path) throws -> ForeignRun {
    let bytes = try Files.read(file)
    var run = ForeignRun(tool: "Megatron-LM")
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
      let text = String(decoding: line.prefix(1 << 16), as: UTF8.self)
      guard let start = text.firstRange(of: "iteration ") else { continue }
      let fields = text[start.lowerBound...].split(separator: "|")
      guard let (step, total) = iteration(fields[0]) else { continue }
      let values = fields.dropFirst().compactMap(value)
      guard !values.isEmpty else { continue }
      run.totalSteps = total
      run.add(Row(step: step, values: values))
    }
    guard !run.rows.isEmpty else {
      throw Failure(
        "\(file) has no line of a Megatron-LM iteration",
        remedy: "Name the log of its first or last rank, or a trainer_state.json.")
    }
    return run
  }

  /// `iteration 100/ 5000` as numbers.
  private static func iteration(_ field: Substring) -> (step: Int, total: Int)? {
    let numbers = field.dropFirst("iteration ".count).split(separator: "/").map { Int(trimmed($0)) }
    guard numbers.count == 2, let step = numbers[0], let total = numbers[1], step >= 0 else {
      return nil
    }
    return (step, total)
  }

  private static func value(_ field: Substring) -> (name: String, value: Double)? {
    guard let colon = field.lastIndex(of: ":"),
      let value = Double(trimmed(field[field.index(after: colon)...]))
    else { return nil }
    return (name: name(trimmed(field[..<colon])), value: value)
  }

  private static func trimmed(_ text: Substring) -> String {
    let head = text.drop { $0.isWhitespace }
    return String(head.reversed().drop { $0.isWhitespace }.reversed())
  }
}
