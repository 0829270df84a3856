public import Base

/// Reads a language model in the ARPA format, entry by entry, compressed or not.
public struct ARPAReader {
  /// The longest n-grams.
  static let highestOrder = 64

  public let path: Path
  /// The number of n-grams of each order, from 1, as the file announces them.
  public private(set) var counts: [Int] = []
  private var buffer: ContentBuffer
  private var line = 0
  private var order = 0
  private var left = 0
  private var hasEnded = false

  /// Opens a file and reads its head.
  ///
  /// - Throws: ``Failure`` naming the line that is wrong.
  public init(_ path: Path) throws(Failure) {
    self.path = path
    buffer = ContentBuffer(try ContentReader(path))
    // Whatever stands before it is a remark.
    while true {
      guard let text = try nextLine() else { throw wrong("there is no \\data\\") }
      if text == "\\data\\" { break }
    }
    while let text = try nextLine() {
      if text.hasPrefix("\\") {
        try begin(text)
        return
      }
      guard !text.isEmpty else { continue }
      let sides = text.drop { $0 != " " }.drop { $0 == " " }.split(separator: "=")
      guard text.hasPrefix("ngram "), sides.count == 2,
        Int(ARPAReader.trimmed(sides[0])) == counts.count + 1,
        let count = Int(ARPAReader.trimmed(sides[1])), count >= 0, counts.count < Self.highestOrder
      else { throw wrong("is no 'ngram \(counts.count + 1)=COUNT'") }
      counts.append(count)
    }
    throw wrong("the file ends within its head")
  }

  /// The next entry, nil after `\end\`.
  ///
  /// - Throws: ``Failure`` naming the line.
  public mutating func next() throws(Failure) -> ARPAEntry? {
    guard !hasEnded else { return nil }
    while let text = try nextLine() {
      if text.isEmpty { continue }
      if text.hasPrefix("\\") {
        try begin(text)
        if hasEnded { return nil }
        continue
      }
      guard left > 0 else { throw wrong("is more than the announced \(order)-grams") }
      left -= 1
      return try entry(text)
    }
    throw wrong("the file ends before \\end\\")
  }

  /// Begins a section, or ends the file.
  private mutating func begin(_ text: String) throws(Failure) {
    guard left == 0 else { throw wrong("comes \(left) \(order)-grams early") }
    if text == "\\end\\" {
      guard order == counts.count else { throw wrong("comes before the \(order + 1)-grams") }
      hasEnded = true
      return
    }
    guard text == "\\\(order + 1)-grams:", order < counts.count else {
      throw wrong("is neither '\\\(order + 1)-grams:' nor '\\end\\'")
    }
    order += 1
    left = counts[order - 1]
  }

  private func entry(_ text: String) throws(Failure) -> ARPAEntry {
    // The parts are separated by tabs; some writers put spaces there.
    let parts = text.split { $0 == "\t" || $0 == " " }
    guard parts.count == order + 1 || parts.count == order + 2, let number = Self.number(parts[0])
    else { throw wrong("is no \(order)-gram with its probability") }
    var backOff: Double?
    if parts.count == order + 2 {
      backOff = Self.number(parts[order + 1])
      guard backOff != nil else { throw wrong("has a back-off that is no number") }
    }
    guard number <= 0.000_01 else { throw wrong("has a log probability of \(number)") }
    return ARPAEntry(
      parts[1...order].map(String.init), logProbability: number, backOff: backOff)
  }

  private static func number(_ text: Substring) -> Double? {
    // Zero probability is written as -99, or as -inf.
    if text == "-inf" { return -.infinity }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private mutating func nextLine() throws(Failure) -> String? {
    guard let bytes = try buffer.line(limit: 1 << 20) else { return nil }
    line += 1
    guard let text = String(validating: bytes, as: UTF8.self) else { throw wrong("is no UTF-8") }
    return Self.trimmed(text[...])
  }

  private static func trimmed(_ text: Substring) -> String { HTTPMessage.trimmed(String(text)) }

  private func wrong(_ problem: String) -> Failure {
    Failure("\(path):\(line): \(problem)", remedy: "Write the model again.")
  }
}
