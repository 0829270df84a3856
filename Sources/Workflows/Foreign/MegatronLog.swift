import Base

/// The lines that Megatron-LM logs of its iterations:
///
///     iteration  100/ 5000 | consumed samples: 25600 | … | learning rate: 3.0E-04 | lm loss: 2.1E+00 | grad norm: 0.4 |
///
/// All other lines are left out, and so is a last one without its end: it is being written.
struct MegatronLog: ForeignSource {
  let tool = "Megatron-LM"
  private(set) var totalSteps: Int?

  private let file: Path
  private var mark = ReadMark()
  private var hasRows = false

  private static let piece = 1 << 24

  init(_ file: Path) { self.file = file }

  mutating func readOn() throws -> [ForeignRun.Row] {
    try mark.check(file)
    var reader = try FileReader(file, at: mark.offset)
    var rows: [ForeignRun.Row] = []
    var (bytes, end) = ([UInt8](), mark.offset)
    while true {
      let old = bytes.count
      guard try reader.read(into: &bytes, upTo: Self.piece) > 0 else { break }
      guard let last = bytes[old...].lastIndex(of: 10) else { continue }
      for line in bytes[...last].split(separator: 10) {
        if let row = row(String(decoding: line.prefix(1 << 16), as: UTF8.self)) { rows.append(row) }
      }
      bytes.removeFirst(last + 1)
      end += last + 1
    }
    try mark.move(to: end, in: file)
    hasRows = hasRows || !rows.isEmpty
    guard hasRows else {
      throw Failure(
        "\(file) has no line of a Megatron-LM iteration",
        remedy: "Name the log of its first or last rank, or a trainer_state.json.")
    }
    return rows
  }

  private mutating func row(_ line: String) -> ForeignRun.Row? {
    guard let start = line.firstRange(of: "iteration ") else { return nil }
    let fields = line[start.lowerBound...].split(separator: "|")
    guard let (step, total) = Self.iteration(fields[0]) else { return nil }
    let values = fields.dropFirst().compactMap(Self.value)
    guard !values.isEmpty else { return nil }
    totalSteps = total
    return ForeignRun.Row(step: step, values: values)
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
    return (name: ForeignSources.name(trimmed(field[..<colon])), value: value)
  }

  private static func trimmed(_ text: Substring) -> String {
    let head = text.drop { $0.isWhitespace }
    return String(head.reversed().drop { $0.isWhitespace }.reversed())
  }
}
