/// Text already broken into lines, kept by a state so that a frame only reads the visible ones.
public struct WrappedText: Equatable, Sendable {
  /// The columns the lines were made for.
  public let columns: Int
  public private(set) var lines: [String]
  /// Whether the Japanese rules apply.
  public let kinsoku: Bool
  private var paragraphs: [String]
  /// The line with which the last paragraph begins.
  private var tailStart = 0

  /// - Complexity: O(*n*) in the length of `text`.
  public init(_ text: String = "", columns: Int, kinsoku: Bool = true) {
    self.columns = columns
    self.kinsoku = kinsoku
    lines = [""]
    paragraphs = [""]
    append(text)
  }

  /// The whole text.
  public var text: String { paragraphs.joined(separator: "\n") }

  /// Adds `text` at the end, as tokens stream in; only the last paragraph is wrapped again.
  ///
  /// - Complexity: O(*n*) in the length of `text` and of the last paragraph.
  public mutating func append(_ text: some StringProtocol) {
    guard !text.isEmpty else { return }
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (number, part) in parts.enumerated() {
      if number == 0 {
        paragraphs[paragraphs.count - 1] += part
      } else {
        paragraphs.append(String(part))
        tailStart = lines.count
      }
      let tail = paragraphs[paragraphs.count - 1]
      lines.removeSubrange(min(tailStart, lines.count)...)
      lines += TextWrap.lines(of: tail, columns: columns, kinsoku: kinsoku).map(String.init)
    }
  }

  /// The same text for another width.
  public func rewrapped(columns: Int) -> WrappedText {
    columns == self.columns ? self : WrappedText(text, columns: columns, kinsoku: kinsoku)
  }
}
