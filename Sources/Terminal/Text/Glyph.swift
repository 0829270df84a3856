/// What one cell of the grid shows: a base scalar with at most four marks, one or two columns wide.
///
/// A fixed-size value without references, so that a grid is compared and copied as plain memory.
/// Two glyphs are equal when their scalars are: が and か + U+3099 differ, as they do on the wire.
public struct Glyph: Hashable, Sendable {
  let base: UInt32
  private(set) var marks: SIMD4<UInt32> = .zero
  let width: UInt8
  /// Whether the glyph is part of a stand-in for text that must not reach the terminal.
  public internal(set) var isPlaceholder = false

  /// An empty cell.
  public static let blank = Glyph(base: " ", columns: 1)
  /// The right half of a glyph two columns wide; the cell to its left holds the glyph itself.
  static let continuation = Glyph(value: 0, columns: 0)

  init(base: Unicode.Scalar, columns: Int) {
    self.init(value: base.value, columns: columns)
  }

  private init(value: UInt32, columns: Int) {
    base = value
    width = UInt8(columns)
  }

  /// Columns the glyph takes, 1 or 2 (0 for the right half of a wide one).
  public var columns: Int { Int(width) }

  var isContinuation: Bool { width == 0 }

  /// Adds `mark`; `false`, changing nothing, once there are four.
  mutating func add(_ mark: Unicode.Scalar) -> Bool {
    for lane in 0..<4 where marks[lane] == 0 {
      marks[lane] = mark.value
      return true
    }
    return false
  }

  /// The scalars in order, the base first.
  var scalars: [Unicode.Scalar] {
    var values = [base]
    for lane in 0..<4 where marks[lane] != 0 { values.append(marks[lane]) }
    return values.compactMap(Unicode.Scalar.init)
  }

  /// The glyph as text; empty for the right half of a wide one.
  public var text: String {
    guard !isContinuation else { return "" }
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}
